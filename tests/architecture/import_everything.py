"""Import every module of the shipped packages and report what importing did: run in a process of its own."""

import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

ROOT = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path.cwd()
CONNECTING = {
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.fork",
    "os.mkdir",
    "os.remove",
}
LIBRARY_SWITCHES = {"PYDANTIC_DISABLE_PLUGINS"}  # asked by the library for every model, not by us
deeds: list[str] = []


def guilty_line() -> str | None:
    """Return the line of ours that runs at import time, when the deed was done directly by it or by what it called."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(str(ROOT)) and file != __file__ and "/.venv/" not in file:
            return f"{Path(file).relative_to(ROOT)}:{frame.f_lineno}"
        if "importlib" in file and frame.f_code.co_name == "exec_module":
            return None  # another package is being imported: its doings at import time are its own
        frame = frame.f_back
    return None


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Remember sockets, processes and files opened for anything but loading code."""
    is_file = event == "open" and not str(arguments[0]).endswith((".py", ".pyc", ".so", ".pth"))
    if (is_file or event in CONNECTING) and (line := guilty_line()):
        deeds.append(f"{line} {event} {arguments[0]}")


class WatchedEnvironment(dict[str, str]):
    """The environment, remembering who reads it."""

    def __getitem__(self, key: str) -> str:
        """Return the value as ever."""
        self._remember(key)
        return super().__getitem__(key)

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        """Return the value or the default as ever."""
        self._remember(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        """Tell as ever."""
        self._remember(str(key))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        """Iterate as ever: settings classes look for their names like this."""
        self._remember("all of it")
        return super().__iter__()

    def items(self) -> object:  # type: ignore[override]
        """Return the pairs as ever."""
        self._remember("all of it")
        return super().items()

    @staticmethod
    def _remember(key: str) -> None:
        if key not in LIBRARY_SWITCHES and (line := guilty_line()):
            deeds.append(f"{line} environment {key}")


def modules(packages: list[str], folder: Path) -> Iterator[str]:
    """Yield every module below these packages, without running anything to find out; `__main__` is for running."""
    for package in packages:
        yield package
        for found in walk(folder / package.replace(".", "/"), f"{package}."):
            if not found.endswith("__main__") and ".migrations." not in found:
                yield found


def walk(folder: Path, prefix: str) -> Iterator[str]:
    """Yield the modules of a folder and of the packages inside."""
    for module in pkgutil.iter_modules([str(folder)]):
        yield prefix + module.name
        if module.ispkg:
            yield from walk(folder / module.name, f"{prefix}{module.name}.")


def main() -> None:
    """Print as JSON what was imported and what it did."""
    packages = sys.argv[2:]
    sys.path.insert(0, str(ROOT))
    names = list(modules(packages, ROOT))
    vars(os)["environ"] = WatchedEnvironment(os.environ)
    vars(os)["getenv"] = os.environ.get
    sys.addaudithook(watch)
    for name in names:
        importlib.import_module(name)
    sys.stdout.write(json.dumps({"imported": names, "deeds": list(deeds)}) + "\n")


if __name__ == "__main__":
    main()
