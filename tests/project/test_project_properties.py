from hypothesis import given, settings
from hypothesis import strategies as st

from project.duties import duties
from project.rules import ProjectRules
from record.errors import Refused
from record.rules import Command, fold
from tests.project import cells
from tests.project import world as w

LIFE: list[Command] = [
    command
    for kind, command in cells.commands().items()
    if kind.__name__
    in {
        "AskQuestion",
        "BindParticipant",
        "CloseBids",
        "DecideOutage",
        "DefineSection",
        "NoteOutage",
        "RaiseNotice",
        "RecordView",
        "ReleaseParticipant",
        "ResumeSection",
        "SuspendSection",
        "TakePart",
        "TerminateSection",
    }
]
AWAY = ((w.DEADLINE - w.MINUTE, w.DEADLINE + w.MINUTE),)
STEPS = st.tuples(
    st.sampled_from(LIFE),
    st.sampled_from(sorted(w.PEOPLE)),
    st.sampled_from([0, w.MINUTE, w.DAY, 31 * w.DAY]),
    st.booleans(),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_whatever_people_try_the_record_folds_to_the_same_state(
    steps: list[tuple[Command, str, int, bool]],
) -> None:
    world = w.published()
    for command, account, later, serviced in steps:
        world.now += later
        actor = "service" if serviced else account
        try:
            world.does(actor, command, checked=w.known(account), away=AWAY)
        except Refused:
            continue
    assert fold(ProjectRules(), w.PROJECT, world.told) == world.state
    due = duties(world.state, world.now, AWAY)
    assert due.again is None or due.again > world.now
