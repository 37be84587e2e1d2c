"""A whole project: what spans opening and evaluation, its phases, permissions and duties."""
