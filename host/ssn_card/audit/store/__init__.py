Store=object
def is_store(p): return False
def open_store(p): raise NotImplementedError
