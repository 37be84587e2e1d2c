"""What all tests share."""

from hypothesis import settings

# two cores are shared by many processes: how long one example takes says nothing
settings.register_profile("kaibiao", deadline=None)
settings.load_profile("kaibiao")
