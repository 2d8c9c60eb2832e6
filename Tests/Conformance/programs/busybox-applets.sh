# More than thirty applets of busybox, one after the other; run by "busybox sh" natively and under mmuemu.
set -u
d=$(mktemp -d /tmp/mmuemu-applets-XXXXXX)
cd "$d"
seq 1 40 > numbers
printf 'pear\napple\nfig\napple\n' > fruit
echo "-- text"
sort fruit | uniq -c
sort -n -r numbers | head -n 3
tail -n 2 numbers
tac fruit | nl
cut -c1-2 fruit | tr a-z A-Z
sed -n 's/a/A/gp' fruit
grep -c p fruit
awk '{ s += $1 } END { print s, s / NR }' numbers
wc fruit numbers
paste fruit fruit
fold -w 3 fruit
expand fruit | cat -A
rev fruit
tr -d '\n' < fruit
echo
echo "-- sums"
md5sum fruit
sha1sum fruit
sha256sum fruit
sha512sum fruit
crc32 fruit
od -A d -t x1 fruit
xxd fruit
hexdump -C fruit
base64 fruit
uuencode fruit fruit
echo "-- files"
mkdir -p a/b/c
cp fruit a/b
ln -s ../fruit a/link
readlink a/link
mv a/b/fruit a/b/c/moved
find a | sort
stat -c '%s %a %F' a/b/c/moved
chmod 600 a/b/c/moved
stat -c %a a/b/c/moved
du -a a > /dev/null
touch -d '2002-01-17 12:00:00' old
date -u -r old +%Y-%m-%d
test old -ot fruit
echo $?
cmp fruit a/b/c/moved
echo $?
diff fruit numbers | head -n 4
tar cf t.tar a fruit
tar tf t.tar | sort
gzip -k fruit
gunzip -c fruit.gz | cmp - fruit
echo $?
bzip2 -k numbers
bunzip2 -c numbers.bz2 | cmp - numbers
echo $?
truncate -s 100 long
ls -l long | awk '{ print $5 }'
dd if=numbers of=copy bs=16 count=4 2> /dev/null
wc -c copy
echo "-- programs"
expr 6 \* 7
echo '3.5 2 * p' | dc
echo '2^64' | bc
factor 1234567890
basename /a/b/c.txt .txt
dirname /a/b/c.txt
printf '%05d|%-6s|%x\n' 42 ab 255
seq -s , 1 5
env -i A=1 env
xargs -n 2 echo < fruit
tee t1 < fruit | md5sum
sleep 0
true && false || echo chain
which sh > /dev/null && echo found
i=0
while [ $i -lt 200 ]; do i=$((i + 1)); done
echo $i
(sleep 0.01; echo later) | cat
trap 'echo leaving' EXIT
cd /
rm -r "$d"
