"""The process that the engine starts: ``python -m cleanrooms_resource.plugin ADDRESS``."""

from cleanrooms_resource.plugin.server import main

if __name__ == "__main__":
    main()
