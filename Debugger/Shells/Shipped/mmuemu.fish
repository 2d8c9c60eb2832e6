# Completions of mmuemu for fish.
# Printed by: mmuemu completions fish

# Prints the command that the words name.
function __mmuemu_enter
    switch "$argv"
        case ' run'
            echo run
        case ' why'
            echo why
        case ' debug'
            echo debug
        case ' gdb'
            echo gdb
        case ' gdbinit'
            echo gdbinit
        case ' trace'
            echo trace
        case ' diff'
            echo diff
        case ' lab'
            echo lab
        case ' walk'
            echo walk
        case ' pte'
            echo pte
        case ' guests'
            echo guests
        case ' cpu'
            echo cpu
        case ' completions'
            echo completions
        case ' man'
            echo man
        case 'trace export'
            echo 'trace export'
        case 'lab kmap'
            echo 'lab kmap'
        case 'pte decode'
            echo 'pte decode'
        case 'pte encode'
            echo 'pte encode'
        case 'pte explain'
            echo 'pte explain'
        case 'pte matrix'
            echo 'pte matrix'
        case 'pte check'
            echo 'pte check'
    end
end

# Whether the option takes a value.
function __mmuemu_takes_value
    switch "$argv"
        case ' --color' 'run --trace' 'run --from' 'run --record' 'run --ram' 'run --swap' \
                'run --overcommit' 'run --profile' 'run --abi' 'run --tlb' 'run --preset' 'run --cpu' \
                'run --cpus' 'run --quantum' 'run --seed' 'run --max-insns' 'run --pressure' 'run --env' \
                'run --root' 'run --timeout' 'run --color' 'why --nth' 'why --ram' 'why --swap' \
                'why --overcommit' 'why --profile' 'why --abi' 'why --tlb' 'why --preset' 'why --cpu' \
                'why --cpus' 'why --quantum' 'why --seed' 'why --max-insns' 'why --pressure' 'why --env' \
                'why --root' 'why --timeout' 'why --color' 'debug -x' 'debug --at' 'debug --break' \
                'debug --memory' 'debug --ram' 'debug --swap' 'debug --overcommit' 'debug --profile' \
                'debug --abi' 'debug --tlb' 'debug --preset' 'debug --cpu' 'debug --cpus' \
                'debug --quantum' 'debug --seed' 'debug --max-insns' 'debug --pressure' 'debug --env' \
                'debug --root' 'debug --timeout' 'debug --color' 'gdb --listen' 'gdb --ram' 'gdb --swap' \
                'gdb --overcommit' 'gdb --profile' 'gdb --abi' 'gdb --tlb' 'gdb --preset' 'gdb --cpu' \
                'gdb --cpus' 'gdb --quantum' 'gdb --seed' 'gdb --max-insns' 'gdb --pressure' 'gdb --env' \
                'gdb --root' 'gdb --timeout' 'gdb --color' 'gdbinit --color' 'trace --color' \
                'trace export --format' 'trace export --output' 'trace export -o' 'trace export --kinds' \
                'trace export --from' 'trace export --to' 'trace export --ram' 'trace export --swap' \
                'trace export --overcommit' 'trace export --profile' 'trace export --abi' \
                'trace export --tlb' 'trace export --preset' 'trace export --cpu' 'trace export --cpus' \
                'trace export --quantum' 'trace export --seed' 'trace export --max-insns' \
                'trace export --pressure' 'trace export --env' 'trace export --root' \
                'trace export --timeout' 'trace export --color' 'diff --color' 'lab --color' \
                'lab kmap --color' 'walk --at' 'walk --image' 'walk --cr3' 'walk --maxphyaddr' \
                'walk --ram' 'walk --swap' 'walk --overcommit' 'walk --profile' 'walk --abi' 'walk --tlb' \
                'walk --preset' 'walk --cpu' 'walk --cpus' 'walk --quantum' 'walk --seed' \
                'walk --max-insns' 'walk --pressure' 'walk --env' 'walk --root' 'walk --timeout' \
                'walk --color' 'pte --color' 'pte decode --level' 'pte decode --profile' \
                'pte decode --maxphyaddr' 'pte decode --color' 'pte encode --level' 'pte encode --color' \
                'pte explain --level' 'pte explain --bits' 'pte explain --maxphyaddr' 'pte explain --pkru' \
                'pte explain --color' 'pte matrix --levels' 'pte matrix --bits' 'pte matrix --reg' \
                'pte matrix --maxphyaddr' 'pte matrix --out' 'pte matrix --diff' 'pte matrix --color' \
                'pte check --color' 'guests --color' 'cpu --color' 'completions --color' 'man --color'
            return 0
    end
    return 1
end

# Whether options end at the first argument.
function __mmuemu_ends_options
    switch "$argv"
        case 'run' 'why' 'debug' 'gdb' 'trace export'
            return 0
    end
    return 1
end

# Prints what has been typed before the cursor's word: the command, how many arguments it has, and whether options may still come.
function __mmuemu_typed
    set -l command ''
    set -l place 0
    set -l options yes
    set -l value no
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test $value = yes
            set value no
        else if test $options = yes -a "$word" = --
            set options no
        else if test $options = yes; and string match -qr -- '^-.' $word
            __mmuemu_takes_value "$command $word"; and set value yes
        else
            set -l entered
            test $options = yes -a $place = 0; and set entered (__mmuemu_enter "$command $word")
            if test -n "$entered"
                set command $entered
            else
                set place (math $place + 1)
                __mmuemu_ends_options $command; and set options no
            end
        end
    end
    printf '%s\n' "$command" $place $options
end

# Whether options of one of these commands may come here.
function __mmuemu_option_of
    set -l typed (__mmuemu_typed)
    test $typed[3] = yes; and contains -- "$typed[1]" $argv
end

# Whether this is the place of argument $argv[2] of the command $argv[1]; '+' is any place but the first.
function __mmuemu_argument_of
    set -l typed (__mmuemu_typed)
    test "$typed[1]" = "$argv[1]"; or return 1
    test $argv[2] = '+' -a $typed[2] -gt 0; or test $argv[2] = $typed[2]
end

# The value as far as it is typed, without an option and = before it.
function __mmuemu_value
    string replace -r -- '^--[^=]*=' '' (commandline -ct)
end

# Pairs of a word and what it says, behind the elements of a list that are there.
function __mmuemu_list
    set -l lead (string replace -r -- '[^,]*$' '' (__mmuemu_value))
    set -l given (string split , -- $lead)
    for i in (seq 1 2 (count $argv))
        contains -- $argv[$i] $given; or printf '%s%s\t%s\n' "$lead" $argv[$i] $argv[(math $i + 1)]
    end
end

function __mmuemu_value_color
    printf '%s\t%s\n' \
            auto '' \
            always '' \
            never ''
end

function __mmuemu_value_run_trace
    __mmuemu_list \
            fault 'page faults, each with its walk' \
            walk 'every walk of the page tables, the A and D bits it sets, and what leaves the TLB' \
            access 'every data access, with its physical address; the look-aside is off' \
            syscall 'system calls, with arguments and results' \
            reclaim 'memory management: frames, entries, flushes, purges, swap' \
            signal 'signals, and what became of them' \
            mark 'marks that the guest sets' \
            task 'processes and threads that begin and end' \
            rule 'pressure rules as they fire' \
            copy 'copies between user memory and file pages at their points, and their mishaps; with --profile copy=cN' \
            boot 'the kernel\'s work before the first process, event by event instead of one line; alone with walk and reclaim' \
            all 'all of these but access and boot'
end

function __mmuemu_value_run_overcommit
    printf '%s\t%s\n' \
            0 'refuse one wish larger than RAM and swap' \
            1 'promise everything' \
            2 'promise no more than swap and half of RAM'
end

function __mmuemu_value_run_profile
    __mmuemu_list \
            vrange=v7 'addresses, whatever is mapped there; full and partial mode; answers 0 or 1' \
            vrange=v8 'page by page from the page lists, only with swap; answers bytes' \
            vrange=v9 'whole ranges too, without swap too; each sharer loses alone' \
            vrange=v10 'whole ranges, oldest first, before anonymous pages are aged (the default)' \
            vrange=v11 'a property of mappings; call 316, modes swapped; a hole ends the call' \
            vrange=v12 'as v11 with flags; losses by page; ages anonymous pages without swap' \
            vrange=v13 'the call is mvolatile; purged entries go at once' \
            vrange=v14 'madvise 18 and 19, all of the range or nothing; answers 0 or 1' \
            quirks 'the bugs of the posted vrange code too' \
            files=K 'mvrange marks files for the process alone; a page goes when all who map it agree' \
            files=K-exit 'as files=K, and the marks of a process that ends become the file\'s' \
            files=J 'mvrange and fvrange mark the file\'s data; private mappers get copies before a purge' \
            ashmem 'there is /dev/ashmem, shared memory with pins, to compare with' \
            madvfree=rfc2014 'the proposal: advice 5, D alone decides (the default)' \
            madvfree=linux45 'as merged: advice 8, freed at once without swap' \
            madvfree=linux412 'lazily freed pages on the file lists, without swap too' \
            userfault=uf2013 'remap_anon_pages with three arguments, every surprise is EFAULT' \
            userfault=uf2014 'four arguments, an errno for each surprise (the default)' \
            thp=madvise 'pages of 2 MiB for anonymous mappings with MADV_HUGEPAGE' \
            thp=always 'pages of 2 MiB wherever they fit into anonymous mappings' \
            hugefree=split 'MADV_FREE splits huge pages first' \
            hugepages=16 'so many huge pages in a pool from the start, 1 to 32768; more by /proc/sys/vm/nr_hugepages' \
            mmap40=map32bit 'mmap\'s bit 0x40 means below 2 GiB (the default)' \
            mmap40=ignore 'mmap\'s bit 0x40 means nothing' \
            mmap40=bigpage 'mmap\'s bit 0x40 means huge pages of the pool' \
            mapflags=strict 'mmap answers EINVAL to flags that it does not know' \
            hugecalls 'alloc_hugepages and free_hugepages at 250 and 251 of int 0x80' \
            strict 'MADV_FREE by the number of its version only' \
            copy=c0 'files through windows: touch, then a window that may be slept with' \
            copy=c1 'touch, then an atomic window, and nothing against what happens in between' \
            copy=c2 'as c1, and a counter keeps reclaim from the whole address space' \
            copy=c2b 'as c2, the counter raised after a first touch, and a second touch under it' \
            copy=c3 'as c1, and mmap_sem held for the whole call' \
            copy=c4 'the user\'s pages pinned, frame to frame through two atomic windows' \
            copy=c5 'as c1, and the fault handler moves the window under the copy' \
            copy=c6 'an atomic copy that faults end, then the slow way for the whole piece' \
            copy=c7 'an atomic copy that faults end, committed so far, then anew without locks' \
            fault-rule=a 'a fault in an atomic state is served all the same' \
            fault-rule=b 'a fault in an atomic state is refused, and the copy falls short' \
            touch=exact 'the first byte and the last one are touched before a copy (the default)' \
            touch=proposal 'the first byte and the one two behind the last, as the proposal was written' \
            touch=read 'what a read of a file will write is only read before' \
            slot=filemap 'file copies have an atomic slot of their own (the default)' \
            slot=user0 'file copies share the slot of page zeroing' \
            kunmap=clear 'closing an atomic window clears its entry (the default)' \
            kunmap=lazy 'closing an atomic window leaves its entry' \
            prepare=plain 'prepare_write opens no window (the default)' \
            prepare=kmap 'prepare_write opens a window that commit_write closes' \
            commit=copied 'what was copied is committed (the default)' \
            commit=full 'what was asked for is committed, copied or not' \
            tail=keep 'a short copy leaves the rest as it was (the default)' \
            tail=zero 'a short copy fills the rest with zeros' \
            copy-code=plain 'the copy keeps the window\'s address where a fix-up finds it (the default)' \
            copy-code=mmx 'the copy keeps it elsewhere; not with c5' \
            rwsem=fair 'a queued writer of mmap_sem goes before later readers (the default)' \
            rwsem=recursive 'whoever holds mmap_sem may take it once more' \
            allocator=bounded 'some passes, then a task is killed (the default)' \
            allocator=mainline 'an allocation is tried for ever, and nobody is killed while swap is free' \
            allocator=aa 'some passes that free nothing, then a task is killed, swap or no swap' \
            reclaim=rmap 'page by page, by the reverse map (the default)' \
            reclaim=virtual 'address space by address space, entry by entry' \
            highmem=4096 'frames from this one on have no mapping; any frame\'s number' \
            kmap-pool=4 'so many windows that may be slept with; 2 to 4096, else 1024' \
            aa-passes=12 'passes of allocator=aa before it kills; 1 to 1000, else 6'
end

function __mmuemu_value_run_abi
    printf '%s\t%s\n' \
            linux 'as on Linux' \
            proposals 'as vrange, MADV_FREE of 2014 and MADV_USERFAULT were posted'
end

function __mmuemu_value_run_tlb
    printf '%s\t%s\n' \
            nocache 'walk every access' \
            preset 'the TLBs of --preset' \
            maxstale 'drop only what the manual obliges'
end

function __mmuemu_value_run_preset
    printf '%s\t%s\n' \
            zen5 'AMD Zen 5 (Turin), 3.85 GHz' \
            skylake 'Intel Skylake client, 4.0 GHz' \
            golden-cove 'Intel Golden Cove (Alder Lake P-core), 5.0 GHz' \
            tiny 'two-entry TLBs and small caches: every path is taken' \
            ideal 'free translation, one-cycle memory, free kernel'
end

function __mmuemu_value_run_cpu
    if string match -q -- '*,*' (__mmuemu_value)
        __mmuemu_list \
            vendor=amd 'made by AMD' \
            vendor=intel 'made by Intel' \
            maxphyaddr= 'width of physical addresses' \
            +tsc 'RDTSC' \
            +cx8 'CMPXCHG8B' \
            +sep 'SYSENTER and SYSEXIT' \
            +cmov 'CMOVcc, FCMOVcc' \
            +clflush 'CLFLUSH' \
            +cx16 'CMPXCHG16B' \
            +lahf_lm 'LAHF and SAHF in 64-bit mode' \
            +popcnt 'POPCNT' \
            +sse3 'SSE3, FISTTP' \
            +ssse3 'SSSE3' \
            +sse4_1 'SSE4.1' \
            +sse4_2 'SSE4.2, CRC32' \
            +xsave 'XSAVE, XRSTOR, XGETBV, XSETBV, XCR0' \
            +avx 'AVX' \
            +avx2 'AVX2' \
            +bmi1 'ANDN, BEXTR, BLSI, BLSMSK, BLSR, TZCNT' \
            +bmi2 'BZHI, MULX, PDEP, PEXT, RORX, SARX, SHLX, SHRX' \
            +f16c 'VCVTPH2PS, VCVTPS2PH' \
            +fma 'fused multiply-add' \
            +lzcnt 'LZCNT' \
            +movbe 'MOVBE' \
            +fsgsbase 'RDFSBASE, RDGSBASE, WRFSBASE, WRGSBASE' \
            +rdtscp 'RDTSCP' \
            +pcid 'process-context identifiers, CR4.PCIDE' \
            +invpcid 'INVPCID' \
            +smep 'CR4.SMEP' \
            +smap 'CR4.SMAP, CLAC, STAC' \
            +umip 'CR4.UMIP' \
            +pdpe1gb '1 GiB pages' \
            +pku 'protection keys of user pages, RDPKRU, WRPKRU' \
            +la57 '57-bit addresses, CR4.LA57' \
            +xsaveopt 'XSAVEOPT' \
            +xsavec 'XSAVEC, compacted XRSTOR' \
            +xgetbv1 'XGETBV with ECX = 1' \
            +aes 'AESENC, AESDEC and kin; VEX forms with avx' \
            +pclmulqdq 'PCLMULQDQ; VEX form with avx' \
            +vaes 'AES rounds on YMM registers' \
            +vpclmulqdq 'PCLMULQDQ on YMM registers' \
            +sha_ni 'SHA-1 and SHA-256' \
            +gfni 'GF2P8MULB and kin; VEX forms with avx' \
            +adx 'ADCX, ADOX' \
            +rdrand 'RDRAND' \
            +rdseed 'RDSEED' \
            +rdpid 'RDPID' \
            +clflushopt 'CLFLUSHOPT' \
            +clwb 'CLWB' \
            +3dnowprefetch 'PREFETCH and PREFETCHW' \
            +erms 'REP MOVSB and STOSB are the fast way to copy' \
            +fsrm 'REP MOVSB is fast for short lengths too' \
            +serialize 'SERIALIZE, on Intel\'s processors' \
            -tsc 'RDTSC' \
            -cx8 'CMPXCHG8B' \
            -sep 'SYSENTER and SYSEXIT' \
            -cmov 'CMOVcc, FCMOVcc' \
            -clflush 'CLFLUSH' \
            -cx16 'CMPXCHG16B' \
            -lahf_lm 'LAHF and SAHF in 64-bit mode' \
            -popcnt 'POPCNT' \
            -sse3 'SSE3, FISTTP' \
            -ssse3 'SSSE3' \
            -sse4_1 'SSE4.1' \
            -sse4_2 'SSE4.2, CRC32' \
            -xsave 'XSAVE, XRSTOR, XGETBV, XSETBV, XCR0' \
            -avx 'AVX' \
            -avx2 'AVX2' \
            -bmi1 'ANDN, BEXTR, BLSI, BLSMSK, BLSR, TZCNT' \
            -bmi2 'BZHI, MULX, PDEP, PEXT, RORX, SARX, SHLX, SHRX' \
            -f16c 'VCVTPH2PS, VCVTPS2PH' \
            -fma 'fused multiply-add' \
            -lzcnt 'LZCNT' \
            -movbe 'MOVBE' \
            -fsgsbase 'RDFSBASE, RDGSBASE, WRFSBASE, WRGSBASE' \
            -rdtscp 'RDTSCP' \
            -pcid 'process-context identifiers, CR4.PCIDE' \
            -invpcid 'INVPCID' \
            -smep 'CR4.SMEP' \
            -smap 'CR4.SMAP, CLAC, STAC' \
            -umip 'CR4.UMIP' \
            -pdpe1gb '1 GiB pages' \
            -pku 'protection keys of user pages, RDPKRU, WRPKRU' \
            -la57 '57-bit addresses, CR4.LA57' \
            -xsaveopt 'XSAVEOPT' \
            -xsavec 'XSAVEC, compacted XRSTOR' \
            -xgetbv1 'XGETBV with ECX = 1' \
            -aes 'AESENC, AESDEC and kin; VEX forms with avx' \
            -pclmulqdq 'PCLMULQDQ; VEX form with avx' \
            -vaes 'AES rounds on YMM registers' \
            -vpclmulqdq 'PCLMULQDQ on YMM registers' \
            -sha_ni 'SHA-1 and SHA-256' \
            -gfni 'GF2P8MULB and kin; VEX forms with avx' \
            -adx 'ADCX, ADOX' \
            -rdrand 'RDRAND' \
            -rdseed 'RDSEED' \
            -rdpid 'RDPID' \
            -clflushopt 'CLFLUSHOPT' \
            -clwb 'CLWB' \
            -3dnowprefetch 'PREFETCH and PREFETCHW' \
            -erms 'REP MOVSB and STOSB are the fast way to copy' \
            -fsrm 'REP MOVSB is fast for short lengths too' \
            -serialize 'SERIALIZE, on Intel\'s processors'
    else
        __mmuemu_list \
            v1 '' \
            v2 '' \
            v3 '' \
            max ''
    end
end

function __mmuemu_value_run_guest
    printf '%s\t%s\n' \
            hello 'Prints one line and its arguments' \
            hello-glibc 'The same program with glibc' \
            hello-pie 'The same program, position-independent' \
            single-step 'Sets its own trap flag, and logs where each SIGTRAP came' \
            align-check 'Sets the alignment-check flag, and touches memory at odd addresses in every width' \
            events 'Waits with epoll, eventfd, a POSIX timer, and calls at the kernel\'s fixed addresses' \
            sockets 'A parent and its child talk through sockets of both families and a shared segment' \
            xstate-signals 'Sends vector and x87 registers through signal handlers that clobber them, edit the frame, or break it' \
            vrange-recover 'Touches purged volatile pages, and repairs each in a SIGBUS handler' \
            vrange-explicit 'Takes volatile memory back first, asks what was purged, and rebuilds it' \
            vrange-call 'All answers of vrange: bytes, the word about losses, and errors after which nothing has changed' \
            vrange-versions 'Finds out which posting of volatile ranges it runs on, and shows where they differ' \
            volatile-cache 'A cache of volatile pictures, larger than memory, that gives way by itself' \
            shared-buffer 'A producer and a consumer share a circular buffer larger than memory; its empty part is volatile' \
            volatile-file 'Two processes share a volatile file: marks, losses and answers are the file\'s, until the last one closes it' \
            bystander 'One process marks a file and dies, another reads it: is volatility the process\'s, or the file\'s?' \
            who-agrees 'Several processes map a page, and some of them let it go: who has to agree before it is purged?' \
            pinned-objects 'A cache written for Android\'s ashmem, ported to vrange on a memfd' \
            lazyfree-allocator 'Frees pages with MADV_FREE and finds each whole-old or whole-zero' \
            lazy-reuse 'Gives the same pages back and uses them again: with MADV_DONTNEED, with MADV_FREE, with vrange' \
            lazy-rules 'Which pages MADV_FREE takes, which it leaves alone, and what saves one; optional argument: the advice\'s number' \
            dontneed 'Gives pages back with MADV_DONTNEED: private ones read as zeros, shared ones keep their content' \
            remote-paging 'Fetches memory from afar on demand: MADV_USERFAULT, SIGBUS, remap_anon_pages' \
            remap-rules 'What remap_anon_pages refuses, what it moves and what it leaves as it was, next to mremap' \
            page-touch 'Touches N fresh pages in a row; costs that can be worked out by hand' \
            huge-pages 'Touches 4 MiB of small pages and 4 MiB of huge ones, and splits a huge page by changing the rights of a part' \
            mmap-bit40 'Passes a bit of mmap\'s flags that means something else in every kernel' \
            cow-fork 'Three children write to shared pages; nobody sees what another wrote' \
            swap-through 'Works on 12 MiB with 8 MiB of RAM; every page comes back from swap unharmed' \
            stack-growth 'Recurses through 3 MiB of stack' \
            mprotect-segv 'Four forbidden accesses, each explained and then allowed by a SIGSEGV handler' \
            precise-faults 'Stops five instructions half-way and finds that they have not happened' \
            vrange-threads 'Threads share volatile memory while one of them makes pressure, and each repairs what it meets' \
            pthread-stress 'Threads hand numbers on through a mutex and condition variables' \
            lost-update 'Four threads count without a lock, and lose updates' \
            kmap-copy 'Two tasks write two pages of a file; the page that one writes from goes to swap in the midst' \
            kmap-locks 'Writes a page of a file from a mapping of the same page' \
            kmap-oom 'Tasks keep reclaim from all their memory while each needs two pages more' \
            oom 'Takes memory until the out-of-memory killer comes' \
            bad-null 'Reads through a null pointer' \
            bad-jump-nx 'Calls into a page of data' \
            bad-ud2 'Executes the undefined instruction' \
            bad-div 'Divides by zero, and divides where the quotient does not fit' \
            bad-trap 'Meets a breakpoint with no debugger' \
            bad-address 'Uses addresses that no page table could map' \
            bad-privileged 'Tries the kernel\'s instructions at CPL 3' \
            bad-selfmod 'Rewrites its own code between calls and right before execution' \
            bad-recursion 'Recurses until the stack ends' \
            bad-handler 'Faults inside its own SIGSEGV handler' \
            bad-sigreturn 'Returns from signal handlers that never ran, with forged frames' \
            bad-unhandled-purge 'Forgets that volatile memory may go, and has no handler' \
            bad-sigbus-loop 'Handles SIGBUS without repairing anything, for ever' \
            bad-syscalls 'Makes system calls that do not exist, and others with wild arguments' \
            bad-abort 'Gives up with abort() although its handler would go on' \
            bad-orphan 'Leaves without waiting for its children' \
            bad-deadlock 'Waits for a byte that only it could write' \
            libc-mix-musl 'A tour through the C library: doubles, heap, qsort, setjmp, signals, strings' \
            libc-mix-glibc 'The same tour with glibc' \
            code-file 'Code in a file, run from a mapping, and changed behind the mapping\'s back by system calls' \
            tmpfs-calls-musl 'What the calls for files of memory answer: room set aside, holes, seals, mounts, shared memory by name' \
            tmpfs-calls-glibc 'The same calls with glibc' \
            tmpfs-mix 'A file of memory, changed at random through every door that there is; optional arguments: a seed, steps' \
            thread-calls 'The system calls about threads and futexes, with good and bad arguments' \
            pthread-mix-musl 'A tour through POSIX threads: locks, conditions, barriers, cancellation, robust mutexes, signals' \
            pthread-mix-glibc 'The same tour with glibc' \
            sieve 'Primes below N (2000000)' \
            sort 'qsort of N (100000) numbers' \
            checksum 'CRC-32 and Adler-32 over 256 KiB, N (10) times' \
            fib 'Fibonacci number N (30) by recursion' \
            matmul 'Product of two N x N (96) matrices of doubles' \
            nbody 'Five bodies under gravity for N (2000) steps, in scalar doubles' \
            mandelbrot 'The Mandelbrot set in N (64) columns, two points at a time in packed doubles' \
            pixels-avx2 'Brightens, blurs, looks up and turns a picture for N (20) rounds, 32 bytes at a time' \
            collatz 'The longest Collatz chain below N (100000)' \
            chase 'Follows pointers over N (4096) pages, M (400000) steps' \
            simd-crypto 'AES-128-GCM, SHA-1 and SHA-256 over N KiB (64), by the processor\'s instructions and by plain C' \
            simd-text 'Searches N KiB (32) of text with the string instructions of SSE4.2'
end

function __mmuemu_value_debug_break
    printf '%s\t%s\n' \
            fault 'the first page fault' \
            badfault 'the first that ends in a signal' \
            signal 'the first signal' \
            reclaim 'memory is taken back' \
            rule 'a pressure rule fires' \
            syscall: 'the system call of that name' \
            signal: 'the signal of that name' \
            mark: 'the guest sets that mark' \
            pte: 'the entry of that address is written'
end

function __mmuemu_value_trace_export_format
    printf '%s\t%s\n' \
            ndjson 'one JSON object a line, for scripts and jq (docs/trace-schema.json)' \
            perfetto 'TrackEvent protobuf for ui.perfetto.dev' \
            chrome 'trace-event JSON, for chrome://tracing and small runs' \
            speedscope 'a profile for speedscope.app: which functions fault and walk' \
            strace 'system calls as strace has them, with the faults between them' \
            svg 'a map of faults: pages by time, drawn by state'
end

function __mmuemu_value_trace_export_kinds
    __mmuemu_list \
            fault 'page faults, each with its walk' \
            walk 'every walk of the page tables, the A and D bits it sets, and what leaves the TLB' \
            access 'every data access, with its physical address; the look-aside is off' \
            syscall 'system calls, with arguments and results' \
            reclaim 'memory management: frames, entries, flushes, purges, swap' \
            signal 'signals, and what became of them' \
            mark 'marks that the guest sets' \
            task 'processes and threads that begin and end' \
            rule 'pressure rules as they fire' \
            copy 'copies between user memory and file pages at their points, and their mishaps; with --profile copy=cN' \
            all 'all that the format can tell'
end

function __mmuemu_value_lab_kmap_row
    printf '%s\t%s\n' \
            K-001 'the user\'s page goes to swap between touch and copy' \
            K-002 'the same, and another task copies while the first one sleeps' \
            K-003 'the fault that the copy meets needs the copy\'s own slot' \
            K-004 'another thread maps the buffer anew between touch and copy' \
            K-005 'another thread unmaps the buffer between touch and copy' \
            K-007 'the touch that the proposal wrote misses a page' \
            K-008 'a task stays in its write while memory is short' \
            K-009 'all tasks need a page at once, and the allocator kills' \
            K-010 'all tasks need a page at once, and the allocator never kills' \
            K-013 'mmap_sem is taken twice, with a writer in between' \
            K-014 'the same without a writer' \
            K-015 'the buffer is a mapping of the page that is written' \
            K-016 'two tasks write each the page that the other\'s buffer maps' \
            K-017 'another thread fills a mapping of the page with mmap_sem held' \
            K-018 'senders wait at a full pipe with all windows of the pool' \
            K-019 'many writes, a few of which meet an evicted page' \
            K-020 'a reader looks while a copy that fell short has zeroed its tail' \
            K-021 'a copy that fell short is committed as if it had not' \
            K-080 'a read\'s user page goes to swap between touch and copy' \
            K-081 'a read\'s user page is the page of zeros, and was only read before'
end

function __mmuemu_value_lab_kmap_cure
    printf '%s\t%s\n' \
            c0 'touch, sleeping window' \
            c1 'touch, atomic window' \
            c2 'dont_unmap_pages' \
            c2b 'dont_unmap_pages after a touch' \
            c3 'mmap_sem for the whole call' \
            c4 'pinned pages' \
            c5 'fix-up in the fault handler' \
            c6 'atomic, then slow' \
            c7 'atomic, then anew'
end

function __mmuemu_value_walk_at
    printf '%s\t%s\n' \
            end 'just before the program is gone' \
            mark: '' \
            syscall: '' \
            fault: '' \
            signal: ''
end

function __mmuemu_value_pte_decode_level
    printf '%s\t%s\n' \
            pt '' \
            pd '' \
            pdpt '' \
            pml4 '' \
            pml5 ''
end

function __mmuemu_value_pte_encode_words
    printf '%s\t%s\n' \
            P '' \
            W '' \
            RW '' \
            U '' \
            US '' \
            PWT '' \
            PCD '' \
            A '' \
            D '' \
            PS '' \
            G '' \
            NX '' \
            XD '' \
            PAT '' \
            pfn= '' \
            key= '' \
            soft= '' \
            raw= ''
end

function __mmuemu_value_pte_explain_bits
    __mmuemu_list \
            wp '' \
            smep '' \
            smap '' \
            ac '' \
            pke '' \
            nxe '' \
            pge '' \
            page1g '' \
            la57 '' \
            pml4bit8 ''
end

function __mmuemu_value_pte_matrix_levels
    __mmuemu_list \
            pt '' \
            pd '' \
            pdpt '' \
            pml4 '' \
            pml5 ''
end

function __mmuemu_value_pte_matrix_bits
    __mmuemu_list \
            p '' \
            w '' \
            u '' \
            a '' \
            d '' \
            ps '' \
            g '' \
            nx '' \
            rsvd '' \
            key ''
end

function __mmuemu_value_completions_shell
    printf '%s\t%s\n' \
            bash '' \
            zsh '' \
            fish ''
end

complete -c mmuemu -f
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a run -d 'Runs a guest to its end'
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a why -d 'Runs a guest, its output hidden, and explains why it ended so, or its last signal or fault, in words and numbers'
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a debug -d 'Shows a guest or a recording from inside, forwards and backwards in time'
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a gdb -d 'Serves a guest or a recording to gdb or lldb, in both directions of time'
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a gdbinit -d 'Prints a script for gdb'
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a trace -d 'Writes what happens in a run for other programs'
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a diff -d 'Plays two recordings, or runs guests without input, and tells the first point at which they differ'
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a lab -d 'Runs experiments, and shows what their runs show'
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a walk -d 'Runs a guest to a point and shows the 4-level walk of an address'
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a pte -d 'Reads, makes and explains paging-structure entries'
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a guests -d 'Lists the programs that ship'
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a cpu -d 'Lists the processor models and what each can do'
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a completions -d 'Prints the completions of this command for a shell'
complete -c mmuemu -n '__mmuemu_argument_of \'\' 0' -a man -d 'Prints the manual page'
complete -c mmuemu -n '__mmuemu_argument_of trace 0' -a export -d 'Runs a guest, its output hidden, or plays a recording, and writes what happens for other programs'
complete -c mmuemu -n '__mmuemu_argument_of lab 0' -a kmap -d 'Copies between user memory and file pages through kernel windows'
complete -c mmuemu -n '__mmuemu_argument_of pte 0' -a decode -d 'Names all 64 bits of an entry, present or not'
complete -c mmuemu -n '__mmuemu_argument_of pte 0' -a encode -d 'Makes an entry from the names of its bits'
complete -c mmuemu -n '__mmuemu_argument_of pte 0' -a explain -d 'Tells what each kind of access through an entry meets and which rule decides, all other levels allowing everything'
complete -c mmuemu -n '__mmuemu_argument_of pte 0' -a matrix -d 'Judges every combination of entry bits, control bits and accesses, one line each'
complete -c mmuemu -n '__mmuemu_argument_of pte 0' -a check -d 'Checks files of entries and their effects by rule and by walk'
complete -c mmuemu -n '__mmuemu_option_of \'\' run why debug gdb gdbinit trace \'trace export\' diff lab \'lab kmap\' walk pte \'pte decode\' \'pte encode\' \'pte explain\' \'pte matrix\' \'pte check\' guests cpu completions man' -l help -s '?' -s h -d 'Show help and usage information'
complete -c mmuemu -n '__mmuemu_option_of \'\'' -l version -d 'Show version information'
complete -c mmuemu -n '__mmuemu_option_of \'\' run why debug gdb gdbinit trace \'trace export\' diff lab \'lab kmap\' walk pte \'pte decode\' \'pte encode\' \'pte explain\' \'pte matrix\' \'pte check\' guests cpu completions man' -l color -x -a '(__mmuemu_value_color)' -d 'When to use colours'
complete -c mmuemu -n '__mmuemu_option_of run' -l trace -x -a '(__mmuemu_value_run_trace)' -d 'Write events to stderr'
complete -c mmuemu -n '__mmuemu_option_of run' -l strace -d 'Write system calls, faults and signals to stderr'
complete -c mmuemu -n '__mmuemu_option_of run' -l stats -d 'Count cycles and print the counters to stderr at the end'
complete -c mmuemu -n '__mmuemu_option_of run why \'lab kmap\' walk cpu' -l json -d 'One JSON document on stdout'
complete -c mmuemu -n '__mmuemu_option_of run' -l from -r -F -d 'Repeat the run of a report that --json wrote or of a recording that --record wrote'
complete -c mmuemu -n '__mmuemu_option_of run' -l record -r -F -d 'Write a recording'
complete -c mmuemu -n '__mmuemu_option_of run' -l quiet -s q -d 'Say nothing about the run itself'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l ram -x -d 'Guest RAM, 1M to 64G'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l swap -x -d 'Size of the swap device'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l overcommit -x -a '(__mmuemu_value_run_overcommit)' -d 'How much memory may be promised, as vm.overcommit_memory'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l profile -x -a '(__mmuemu_value_run_profile)' -d 'Historic behaviour by name'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l abi -x -a '(__mmuemu_value_run_abi)' -d 'What numbers mean that proposals claim and Linux has for something else (system calls 314 and 321, madvise 5, 18 and 19), in programs that neither declare it (docs/guest-header.md) nor have the family named by --profile'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l tlb -x -a '(__mmuemu_value_run_tlb)' -d 'How TLBs behave'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l preset -x -a '(__mmuemu_value_run_preset)' -d 'Whose TLBs, caches and cycles are modelled'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l cpu -x -a '(__mmuemu_value_run_cpu)' -d 'Instructions the processor has'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l cpus -x -d 'Processors, 1 to 64'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l quantum -x -d 'Instructions of a turn while other threads wait, 1 to 4294967295 (100000; 10000 with several processors)'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l seed -x -d 'Seed of every random number the guest sees (1), and, when given, of the order and length of the processors\' turns'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l max-insns -x -d 'End with status 124 after this many instructions'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l pressure -x -d 'Memory pressure at an exact point'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l env -x -d 'NAME=value for the guest\'s environment, which is otherwise empty'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l root -r -F -d 'The folder that the guest sees as /, read only'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l timeout -x -d 'End with status 124 after this much time of the host'
complete -c mmuemu -n '__mmuemu_option_of run why debug gdb \'trace export\' walk' -l allow-unfired -d 'Say nothing of a --pressure rule that never acted or of an --at that was never reached, and do not end with status 120 for it'
complete -c mmuemu -n '__mmuemu_option_of why' -l nth -x -d 'Explain the N-th incident, from 1'
complete -c mmuemu -n '__mmuemu_option_of debug' -s x -r -F -d 'Do the commands of a file, - for standard input, and show each with its answer, without a terminal'
complete -c mmuemu -n '__mmuemu_option_of debug' -l at -x -d 'Begin at T, micro-step k, or at end'
complete -c mmuemu -n '__mmuemu_option_of debug' -l break -x -a '(__mmuemu_value_debug_break)' -d 'Begin at the first fault, badfault, signal, reclaim, rule, syscall:NAME, mark:NAME, or where the entry of an address is written'
complete -c mmuemu -n '__mmuemu_option_of debug' -l memory -x -d 'How much memory may be kept of the past, at least 16M'
complete -c mmuemu -n '__mmuemu_option_of gdb' -l listen -x -d 'Where to listen'
complete -c mmuemu -n '__mmuemu_option_of gdb' -l stdio -d 'Talk over standard input and output, for gdb\'s \'target remote | mmuemu gdb --stdio GUEST\''
complete -c mmuemu -n '__mmuemu_option_of \'trace export\'' -l format -x -a '(__mmuemu_value_trace_export_format)' -d 'What to write'
complete -c mmuemu -n '__mmuemu_option_of \'trace export\'' -l output -s o -r -F -d 'Where to'
complete -c mmuemu -n '__mmuemu_option_of \'trace export\'' -l kinds -x -a '(__mmuemu_value_trace_export_kinds)' -d 'Which events, as for run --trace'
complete -c mmuemu -n '__mmuemu_option_of \'trace export\'' -l from -x -d 'Leave out what happens before this T'
complete -c mmuemu -n '__mmuemu_option_of \'trace export\'' -l to -x -d 'Leave out what happens after this T, and do not run further'
complete -c mmuemu -n '__mmuemu_option_of \'trace export\'' -l cycles -d 'Count a guest\'s cycles, and write them as time'
complete -c mmuemu -n '__mmuemu_option_of walk' -l at -x -a '(__mmuemu_value_walk_at)' -d 'The point of the run'
complete -c mmuemu -n '__mmuemu_option_of walk' -l image -r -F -d 'Walk the tables in this dump instead of a run\'s'
complete -c mmuemu -n '__mmuemu_option_of walk' -l cr3 -x -d 'With --image'
complete -c mmuemu -n '__mmuemu_option_of walk' -l la57 -d 'With --image'
complete -c mmuemu -n '__mmuemu_option_of walk' -l maxphyaddr -x -d 'With --image'
complete -c mmuemu -n '__mmuemu_option_of \'pte decode\' \'pte encode\' \'pte explain\'' -l level -x -a '(__mmuemu_value_pte_decode_level)' -d 'Level of the entry'
complete -c mmuemu -n '__mmuemu_option_of \'pte decode\'' -l profile -x -a '(__mmuemu_value_run_profile)' -d 'Kernel profile for non-present entries'
complete -c mmuemu -n '__mmuemu_option_of \'pte decode\' \'pte explain\' \'pte matrix\'' -l maxphyaddr -x -d 'Physical-address width, 36 to 52'
complete -c mmuemu -n '__mmuemu_option_of \'pte decode\' \'pte encode\' \'pte explain\'' -l json -d 'As JSON'
complete -c mmuemu -n '__mmuemu_option_of \'pte explain\'' -l bits -x -a '(__mmuemu_value_pte_explain_bits)' -d 'Control bits that are on'
complete -c mmuemu -n '__mmuemu_option_of \'pte explain\'' -l pkru -x -d 'The register PKRU, 32 bits'
complete -c mmuemu -n '__mmuemu_option_of \'pte matrix\'' -l levels -x -a '(__mmuemu_value_pte_matrix_levels)' -d 'Levels whose entries vary'
complete -c mmuemu -n '__mmuemu_option_of \'pte matrix\'' -l bits -x -a '(__mmuemu_value_pte_matrix_bits)' -d 'Entry bits that vary'
complete -c mmuemu -n '__mmuemu_option_of \'pte matrix\'' -l reg -x -a '(__mmuemu_value_pte_explain_bits)' -d 'Control bits that vary'
complete -c mmuemu -n '__mmuemu_option_of \'pte matrix\'' -l out -r -F -d 'Write the lines to a file instead of stdout'
complete -c mmuemu -n '__mmuemu_option_of \'pte matrix\'' -l diff -r -F -d 'Compare with the lines of another run or another model, case by case in any order'
complete -c mmuemu -n '__mmuemu_argument_of run 0' -F -a '(__mmuemu_value_run_guest)'
complete -c mmuemu -n '__mmuemu_argument_of run +' -F
complete -c mmuemu -n '__mmuemu_argument_of why 0' -F -a '(__mmuemu_value_run_guest)'
complete -c mmuemu -n '__mmuemu_argument_of why +' -F
complete -c mmuemu -n '__mmuemu_argument_of debug 0' -F -a '(__mmuemu_value_run_guest)'
complete -c mmuemu -n '__mmuemu_argument_of debug +' -F
complete -c mmuemu -n '__mmuemu_argument_of gdb 0' -F -a '(__mmuemu_value_run_guest)'
complete -c mmuemu -n '__mmuemu_argument_of gdb +' -F
complete -c mmuemu -n '__mmuemu_argument_of \'trace export\' 0' -F -a '(__mmuemu_value_run_guest)'
complete -c mmuemu -n '__mmuemu_argument_of \'trace export\' +' -F
complete -c mmuemu -n '__mmuemu_argument_of diff 0' -F -a '(__mmuemu_value_run_guest)'
complete -c mmuemu -n '__mmuemu_argument_of diff 1' -F -a '(__mmuemu_value_run_guest)'
complete -c mmuemu -n '__mmuemu_argument_of \'lab kmap\' 0' -a '(__mmuemu_value_lab_kmap_row)'
complete -c mmuemu -n '__mmuemu_argument_of \'lab kmap\' 1' -a '(__mmuemu_value_lab_kmap_cure)'
complete -c mmuemu -n '__mmuemu_argument_of walk 0' -F -a '(__mmuemu_value_run_guest)'
complete -c mmuemu -n '__mmuemu_argument_of \'pte encode\' 0' -a '(__mmuemu_value_pte_encode_words)'
complete -c mmuemu -n '__mmuemu_argument_of \'pte encode\' +' -a '(__mmuemu_value_pte_encode_words)'
complete -c mmuemu -n '__mmuemu_argument_of \'pte check\' 0' -F
complete -c mmuemu -n '__mmuemu_argument_of \'pte check\' +' -F
complete -c mmuemu -n '__mmuemu_argument_of guests 0' -a '(__mmuemu_value_run_guest)'
complete -c mmuemu -n '__mmuemu_argument_of cpu 0' -a '(__mmuemu_value_run_cpu)'
complete -c mmuemu -n '__mmuemu_argument_of completions 0' -a '(__mmuemu_value_completions_shell)'
