"""Which version of the program this is."""


def program_version() -> str:
    """The installed version."""
    # Here and not above: it costs a window's start some 15 ms.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("lesionlens")
    except PackageNotFoundError:
        return "not installed"
