"""nbgrader's exchange, collected without trust: nobody hands in under another's name, and no link is followed.

Every student may write into the exchange's inbox, under any name and by hand. nbgrader takes what a name says and only
warns, and it follows links with the instructor's rights: to the solutions, or to what somebody else handed in.
"""

from __future__ import annotations

import fnmatch
import os
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect

from autograder.files import PRIVATE, write_atomically
from autograder.grading import folder
from autograder.grading.roster import STUDENT

KB = 1_000  # in which nbgrader counts sizes
MAX_DEPTH = 8
EARLIEST = datetime.min  # without a zone, as nbgrader's times are


class CollectOwn(ExchangeCollect):
    """nbgrader's collecting, less what is owned by somebody else than its name says, and less links.

    What the collecting account owns itself counts for whom it names: that is how an instructor hands in for somebody.
    Where all students have one account, as in many containers, ``c.ExchangeCollect.check_owner = False`` takes all.
    """

    src_records: list[dict[str, Any]]

    def init_src(self) -> None:
        super().init_src()
        self.src_records = [record for record in self.src_records if not self._against(record)]

    def _path_to_record(self, path: str) -> dict[str, Any]:
        try:
            record: dict[str, Any] = super()._path_to_record(path)
        except (ValueError, OverflowError, ExchangeError):  # one odd name is no reason to collect nobody's
            record = {"username": "", "filename": Path(path).name, "timestamp": EARLIEST}
        return record

    def _sort_by_timestamp(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        own = []
        for record in records:
            why = self._against(record)
            if why:
                self.log.error("LEFT OUT: %s %s", record["filename"], why)
            else:
                own.append(record)
        return list(super()._sort_by_timestamp(own or records))  # nbgrader needs one; `init_src` drops it again

    def _against(self, record: dict[str, Any]) -> str:
        """Why a submission is not taken; empty where it is the person's that it names, or ours."""
        import pwd  # there is no exchange on Windows, where this module is imported all the same

        if not STUDENT.fullmatch(record["username"]):
            return "does not begin with an id and a time."
        about = (Path(self.inbound_path) / record["filename"]).lstat()
        if not stat.S_ISDIR(about.st_mode):
            return "is no folder."
        if not self.check_owner or about.st_uid == os.getuid():
            return ""
        try:
            owner = pwd.getpwuid(about.st_uid).pw_name
        except KeyError:
            owner = f"the account {about.st_uid}"
        if owner == record["username"]:
            return ""
        shared = "c.ExchangeCollect.check_owner = False is for hubs whose students all have one account."
        return f"is owned by {owner}, not by {record['username']}. {shared}"

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy ordinary files, as far as nbgrader's limits go; what is left out is said."""
        inbox, name = os.path.split(src)
        self._room = KB * self.coursedir.max_dir_size
        try:
            self._copy(Path(inbox), (name,), Path(dest))
        except folder.NotTaken as why:
            self.log.error("LEFT OUT: %s", why)

    def _copy(self, inbox: Path, names: tuple[str, ...], dest: Path) -> None:
        dest.mkdir(mode=0o700, parents=True, exist_ok=True)
        for one in folder.entries(inbox, *names):
            if any(fnmatch.fnmatch(one.name, pattern) for pattern in self.coursedir.ignore):
                continue
            try:
                if one.is_folder and len(names) < MAX_DEPTH:
                    self._copy(inbox, (*names, one.name), dest / one.name)
                else:
                    most = min(KB * self.coursedir.max_file_size, self._room)
                    data = folder.read(inbox, *names, one.name, most=most)
                    self._room -= len(data)
                    write_atomically(dest / one.name, data, mode=PRIVATE)
            except folder.NotTaken as why:
                self.log.error("LEFT OUT of %s: %s", names[0], why)
