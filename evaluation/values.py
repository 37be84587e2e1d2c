"""Values that events, messages and commands of the evaluation share; nothing else."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

SeatNumber = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2}$")]
"""A numbered seat 工位 of the committee; it stays when another member takes it."""
Statement = Annotated[str, StringConstraints(min_length=1, max_length=5_000)]
"""What somebody has to say about a result."""
Capacity = Literal["expert", "tenderer"]
"""评标专家, or the tenderer's representative 招标人代表."""
Amount = Annotated[int, Field(ge=1, lt=1 << 53)]
"""A price in minor units."""
Reason = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""Why somebody in a committee wants something; shown to the committee, and in the report."""
