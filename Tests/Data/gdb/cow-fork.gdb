catch fork
continue
info threads
info inferiors
continue
info threads
