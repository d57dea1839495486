"""The process of the plug-in, which the engine starts as ``python DIRECTORY ADDRESS``.

The directory of this file is then on the import path.
"""

from cleanrooms_resource.plugin.server import main

if __name__ == "__main__":
    main()
