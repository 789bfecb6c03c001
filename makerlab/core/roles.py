"""What people do here. Every feature's views name roles; accounts that hold them live in `people`."""

import enum


class Role(enum.StrEnum):
    TRAINEE = "trainee"
    INSTRUCTOR = "instructor"
    LIAISON = "liaison"
    SALES = "sales"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


STAFF = (Role.INSTRUCTOR, Role.LIAISON, Role.SALES, Role.COORDINATOR, Role.ADMINISTRATOR)
