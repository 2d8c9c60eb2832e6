break main
continue
info proc mappings
next
step
bt
break fib if n == 1
continue
bt
delete
finish
reverse-step
reverse-next
reverse-next
bt
reverse-finish
reverse-next
info threads
tbreak 18
continue
print fib(10)
print n
set var n = 77
print n
reverse-next
catch syscall write
continue
p $orig_rax
x/s $rsi
continue
delete
continue
continue
