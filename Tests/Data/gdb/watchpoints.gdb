hbreak add
continue
bt
finish
reverse-finish
delete
echo \n# reads\n
rwatch shared
continue
continue
reverse-continue
reverse-continue
reverse-continue
delete
echo \n# accesses\n
awatch table[1]
continue
continue
continue
reverse-continue
reverse-continue
stepi
delete
echo \n# writes, with a condition, and a read beside\n
watch shared if shared > 6
rwatch table[3]
continue
continue
continue
reverse-continue
reverse-continue
delete
echo \n# a byte of what is written\n
awatch *((char *) &shared + 1)
continue
delete
echo \n# a variable of a function, to its end\n
tbreak loop
reverse-continue
advance add
info breakpoints
up
watch all
continue
continue
delete 8
until
until
kill
