break main
continue
list
delete
break vrange-recover.c:98
continue
next
reverse-next
delete
tbreak repair
continue
backtrace 1
info args
next
step
reverse-step
info line
list repair
