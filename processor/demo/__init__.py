"""The first look at the product: a real code base, real defects, the real service, and no server or token needed.

`scene.run_demo` plays it; every other module is one part of the play.
"""
