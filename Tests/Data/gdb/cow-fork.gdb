catch fork
continue
info threads
continue
info threads
