continue
ptregs
walk $sp
ptregs
seek 1000
p $icount
physical on
x/2xg 0
physical off
help pageframe
