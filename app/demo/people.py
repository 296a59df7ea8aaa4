"""The demonstration sign-ins: roles for names, so that nobody takes them for people."""

from dataclasses import dataclass

CENTRAL = "CENTRAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may sign in; acts for cooperatives, or works at an office."""

    username: str
    first_name: str
    last_name: str
    roles: tuple[str, ...]
    cooperatives: tuple[str, ...] = ()
    office: str | None = None

    @property
    def email(self) -> str:
        """Return an address that belongs to nobody."""
        domain = "example.or.th" if self.cooperatives else "example.go.th"
        return f"{self.username}@{domain}"


PEOPLE = (
    Person(
        username="coop1",
        first_name="ผู้จัดทำคำขอ",
        last_name="สหกรณ์ชลบุรี 1",
        roles=("cooperative_preparer",),
        cooperatives=("chonburi-1",),
    ),
    Person(
        username="coop1s",
        first_name="ผู้มีอำนาจลงนาม",
        last_name="สหกรณ์ชลบุรี 1",
        roles=("cooperative_signatory",),
        cooperatives=("chonburi-1",),
    ),
    Person(
        username="coop2",
        first_name="ผู้จัดทำคำขอ",
        last_name="สหกรณ์ปทุมธานี 1",
        roles=("cooperative_preparer",),
        cooperatives=("pathumthani-1",),
    ),
    # Acts for two cooperatives, so that switching between them can be seen.
    Person(
        username="coop2s",
        first_name="ผู้มีอำนาจลงนาม",
        last_name="สหกรณ์ปทุมธานี 1 และพระนครศรีอยุธยา 1",
        roles=("cooperative_signatory",),
        cooperatives=("pathumthani-1", "ayutthaya-1"),
    ),
    Person(
        username="officer1",
        first_name="เจ้าหน้าที่",
        last_name="สสค. ชลบุรี",
        roles=("provincial_officer",),
        office="TH-20",
    ),
    Person(
        username="officer2",
        first_name="เจ้าหน้าที่",
        last_name="สสค. ปทุมธานี",
        roles=("provincial_officer",),
        office="TH-13",
    ),
    Person(
        username="fund",
        first_name="เจ้าหน้าที่",
        last_name="กลุ่มงานกองทุน",
        roles=("fund_officer",),
        office=CENTRAL,
    ),
    Person(
        username="finance",
        first_name="เจ้าหน้าที่การเงิน",
        last_name="กองทุน",
        roles=("finance_officer",),
        office=CENTRAL,
    ),
    Person(
        username="committee1",
        first_name="อนุกรรมการคนที่ 1",
        last_name="พิจารณาเงินกู้",
        roles=("committee",),
        office=CENTRAL,
    ),
    Person(
        username="committee2",
        first_name="อนุกรรมการคนที่ 2",
        last_name="พิจารณาเงินกู้",
        roles=("committee",),
        office=CENTRAL,
    ),
    Person(
        username="manager",
        first_name="ผู้บริหาร",
        last_name="กองสวัสดิการแรงงาน",
        roles=("manager",),
        office=CENTRAL,
    ),
    Person(
        username="auditor",
        first_name="ผู้ตรวจสอบ",
        last_name="กองทุน",
        roles=("auditor",),
        office=CENTRAL,
    ),
    Person(
        username="admin",
        first_name="ผู้ดูแลระบบ",
        last_name="กองทุน",
        roles=("administrator",),
        office=CENTRAL,
    ),
)
