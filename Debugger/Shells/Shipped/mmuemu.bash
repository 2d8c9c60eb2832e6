# Completions of mmuemu for bash.                            -*- shell-script -*-
# Printed by: mmuemu completions bash

_mmuemu_value_color()
{
    words=(auto always never)
}

_mmuemu_value_run_trace()
{
    words=(fault walk access syscall reclaim signal mark task rule copy boot all)
    list=1
}

_mmuemu_value_run_from()
{
    files=1
}

_mmuemu_value_run_overcommit()
{
    words=(0 1 2)
}

_mmuemu_value_run_profile()
{
    words=(vrange=v7 vrange=v8 vrange=v9 vrange=v10 vrange=v11 vrange=v12 vrange=v13 vrange=v14 quirks files=K
        files=K-exit files=J ashmem madvfree=rfc2014 madvfree=linux45 madvfree=linux412 userfault=uf2013
        userfault=uf2014 thp=madvise thp=always hugefree=split hugepages=16 mmap40=map32bit mmap40=ignore
        mmap40=bigpage mapflags=strict hugecalls strict copy=c0 copy=c1 copy=c2 copy=c2b copy=c3 copy=c4
        copy=c5 copy=c6 copy=c7 fault-rule=a fault-rule=b touch=exact touch=proposal touch=read slot=filemap
        slot=user0 kunmap=clear kunmap=lazy prepare=plain prepare=kmap commit=copied commit=full tail=keep
        tail=zero copy-code=plain copy-code=mmx rwsem=fair rwsem=recursive allocator=bounded
        allocator=mainline allocator=aa reclaim=rmap reclaim=virtual highmem=4096 kmap-pool=4 aa-passes=12)
    list=1
}

_mmuemu_value_run_abi()
{
    words=(linux proposals)
}

_mmuemu_value_run_tlb()
{
    words=(nocache preset maxstale)
}

_mmuemu_value_run_preset()
{
    words=(zen5 skylake golden-cove tiny ideal)
}

_mmuemu_value_run_cpu()
{
    words=(v1 v2 v3 max)
    later=(vendor=amd vendor=intel maxphyaddr= +tsc +cx8 +sep +cmov +clflush +cx16 +lahf_lm +popcnt +sse3
        +ssse3 +sse4_1 +sse4_2 +xsave +avx +avx2 +bmi1 +bmi2 +f16c +fma +lzcnt +movbe +fsgsbase +rdtscp
        +pcid +invpcid +smep +smap +umip +pdpe1gb +pku +la57 +xsaveopt +xsavec +xgetbv1 +aes +pclmulqdq
        +vaes +vpclmulqdq +sha_ni +gfni +adx +rdrand +rdseed +rdpid +clflushopt +clwb +3dnowprefetch +erms
        +fsrm +serialize -tsc -cx8 -sep -cmov -clflush -cx16 -lahf_lm -popcnt -sse3 -ssse3 -sse4_1 -sse4_2
        -xsave -avx -avx2 -bmi1 -bmi2 -f16c -fma -lzcnt -movbe -fsgsbase -rdtscp -pcid -invpcid -smep -smap
        -umip -pdpe1gb -pku -la57 -xsaveopt -xsavec -xgetbv1 -aes -pclmulqdq -vaes -vpclmulqdq -sha_ni -gfni
        -adx -rdrand -rdseed -rdpid -clflushopt -clwb -3dnowprefetch -erms -fsrm -serialize)
    list=1
}

_mmuemu_value_run_guest()
{
    words=(hello hello-glibc hello-pie single-step align-check events sockets xstate-signals vrange-recover
        vrange-explicit vrange-call vrange-versions volatile-cache shared-buffer volatile-file bystander
        who-agrees pinned-objects lazyfree-allocator lazy-reuse lazy-rules dontneed remote-paging
        remap-rules page-touch huge-pages mmap-bit40 cow-fork swap-through stack-growth mprotect-segv
        precise-faults vrange-threads pthread-stress lost-update kmap-copy kmap-locks kmap-oom oom bad-null
        bad-jump-nx bad-ud2 bad-div bad-trap bad-address bad-privileged bad-selfmod bad-recursion
        bad-handler bad-sigreturn bad-unhandled-purge bad-sigbus-loop bad-syscalls bad-abort bad-orphan
        bad-deadlock libc-mix-musl libc-mix-glibc code-file tmpfs-calls-musl tmpfs-calls-glibc tmpfs-mix
        thread-calls pthread-mix-musl pthread-mix-glibc sieve sort checksum fib matmul nbody mandelbrot
        pixels-avx2 collatz chase simd-crypto simd-text)
}

_mmuemu_value_run_guest_or_file()
{
    _mmuemu_value_run_guest
    files=1
}

_mmuemu_value_debug_break()
{
    words=(fault badfault signal reclaim rule syscall: signal: mark: pte:)
}

_mmuemu_value_trace_export_format()
{
    words=(ndjson perfetto chrome speedscope strace svg)
}

_mmuemu_value_trace_export_kinds()
{
    words=(fault walk access syscall reclaim signal mark task rule copy all)
    list=1
}

_mmuemu_value_lab_kmap_row()
{
    words=(K-001 K-002 K-003 K-004 K-005 K-007 K-008 K-009 K-010 K-013 K-014 K-015 K-016 K-017 K-018 K-019
        K-020 K-021 K-080 K-081)
}

_mmuemu_value_lab_kmap_cure()
{
    words=(c0 c1 c2 c2b c3 c4 c5 c6 c7)
}

_mmuemu_value_walk_at()
{
    words=(end mark: syscall: fault: signal:)
}

_mmuemu_value_pte_decode_level()
{
    words=(pt pd pdpt pml4 pml5)
}

_mmuemu_value_pte_encode_words()
{
    words=(P W RW U US PWT PCD A D PS G NX XD PAT pfn= key= soft= raw=)
}

_mmuemu_value_pte_explain_bits()
{
    words=(wp smep smap ac pke nxe pge page1g la57 pml4bit8)
    list=1
}

_mmuemu_value_pte_matrix_levels()
{
    words=(pt pd pdpt pml4 pml5)
    list=1
}

_mmuemu_value_pte_matrix_bits()
{
    words=(p w u a d ps g nx rsvd key)
    list=1
}

_mmuemu_value_completions_shell()
{
    words=(bash zsh fish)
}

# Sets what the command $1 has.
_mmuemu_has()
{
    case $1 in
        '')
            commands=(run why debug gdb gdbinit trace diff lab walk pte guests cpu completions man)
            options=(--help '-?' -h --version --color) ;;
        'run')
            options=(--trace --strace --stats --json --from --record --quiet -q --ram --swap --overcommit
                --profile --abi --tlb --preset --cpu --cpus --quantum --seed --max-insns --pressure --env
                --root --timeout --allow-unfired --help '-?' -h --color) ;;
        'why')
            options=(--nth --json --ram --swap --overcommit --profile --abi --tlb --preset --cpu --cpus --quantum
                --seed --max-insns --pressure --env --root --timeout --allow-unfired --help '-?' -h --color) ;;
        'debug')
            options=(-x --at --break --memory --ram --swap --overcommit --profile --abi --tlb --preset --cpu
                --cpus --quantum --seed --max-insns --pressure --env --root --timeout --allow-unfired --help
                '-?' -h --color) ;;
        'gdb')
            options=(--listen --stdio --ram --swap --overcommit --profile --abi --tlb --preset --cpu --cpus
                --quantum --seed --max-insns --pressure --env --root --timeout --allow-unfired --help '-?'
                -h --color) ;;
        'gdbinit' | 'diff' | 'pte check' | 'guests' | 'completions' | 'man')
            options=(--help '-?' -h --color) ;;
        'trace')
            commands=(export)
            options=(--help '-?' -h --color) ;;
        'trace export')
            options=(--format --output -o --kinds --from --to --cycles --ram --swap --overcommit --profile --abi
                --tlb --preset --cpu --cpus --quantum --seed --max-insns --pressure --env --root --timeout
                --allow-unfired --help '-?' -h --color) ;;
        'lab')
            commands=(kmap)
            options=(--help '-?' -h --color) ;;
        'lab kmap' | 'cpu')
            options=(--json --help '-?' -h --color) ;;
        'walk')
            options=(--at --json --image --cr3 --la57 --maxphyaddr --ram --swap --overcommit --profile --abi
                --tlb --preset --cpu --cpus --quantum --seed --max-insns --pressure --env --root --timeout
                --allow-unfired --help '-?' -h --color) ;;
        'pte')
            commands=(decode encode explain matrix check)
            options=(--help '-?' -h --color) ;;
        'pte decode')
            options=(--level --profile --maxphyaddr --json --help '-?' -h --color) ;;
        'pte encode')
            options=(--level --json --help '-?' -h --color) ;;
        'pte explain')
            options=(--level --bits --maxphyaddr --pkru --json --help '-?' -h --color) ;;
        'pte matrix')
            options=(--levels --bits --reg --maxphyaddr --out --diff --help '-?' -h --color) ;;
    esac
}

# Goes to the command that $1 names.
_mmuemu_enter()
{
    case $1 in
        ' run')
            command=run ;;
        ' why')
            command=why ;;
        ' debug')
            command=debug ;;
        ' gdb')
            command=gdb ;;
        ' gdbinit')
            command=gdbinit ;;
        ' trace')
            command=trace ;;
        ' diff')
            command=diff ;;
        ' lab')
            command=lab ;;
        ' walk')
            command=walk ;;
        ' pte')
            command=pte ;;
        ' guests')
            command=guests ;;
        ' cpu')
            command=cpu ;;
        ' completions')
            command=completions ;;
        ' man')
            command=man ;;
        'trace export')
            command='trace export' ;;
        'lab kmap')
            command='lab kmap' ;;
        'pte decode')
            command='pte decode' ;;
        'pte encode')
            command='pte encode' ;;
        'pte explain')
            command='pte explain' ;;
        'pte matrix')
            command='pte matrix' ;;
        'pte check')
            command='pte check' ;;
        *)
            return 1 ;;
    esac
}

# Tells what the value of "COMMAND OPTION" may be; fails when it takes none.
_mmuemu_value()
{
    case $1 in
        ' --color' | 'run --color' | 'why --color' | 'debug --color' | 'gdb --color' | 'gdbinit --color' \
        | 'trace --color' | 'trace export --color' | 'diff --color' | 'lab --color' | 'lab kmap --color' \
        | 'walk --color' | 'pte --color' | 'pte decode --color' | 'pte encode --color' \
        | 'pte explain --color' | 'pte matrix --color' | 'pte check --color' | 'guests --color' \
        | 'cpu --color' | 'completions --color' | 'man --color')
            _mmuemu_value_color ;;
        'run --trace')
            _mmuemu_value_run_trace ;;
        'run --from' | 'run --record' | 'run --root' | 'why --root' | 'debug -x' | 'debug --root' \
        | 'gdb --root' | 'trace export --output' | 'trace export -o' | 'trace export --root' \
        | 'walk --image' | 'walk --root' | 'pte matrix --out' | 'pte matrix --diff')
            _mmuemu_value_run_from ;;
        'run --ram' | 'run --swap' | 'run --cpus' | 'run --quantum' | 'run --seed' | 'run --max-insns' \
        | 'run --pressure' | 'run --env' | 'run --timeout' | 'why --nth' | 'why --ram' | 'why --swap' \
        | 'why --cpus' | 'why --quantum' | 'why --seed' | 'why --max-insns' | 'why --pressure' \
        | 'why --env' | 'why --timeout' | 'debug --at' | 'debug --memory' | 'debug --ram' | 'debug --swap' \
        | 'debug --cpus' | 'debug --quantum' | 'debug --seed' | 'debug --max-insns' | 'debug --pressure' \
        | 'debug --env' | 'debug --timeout' | 'gdb --listen' | 'gdb --ram' | 'gdb --swap' | 'gdb --cpus' \
        | 'gdb --quantum' | 'gdb --seed' | 'gdb --max-insns' | 'gdb --pressure' | 'gdb --env' \
        | 'gdb --timeout' | 'trace export --from' | 'trace export --to' | 'trace export --ram' \
        | 'trace export --swap' | 'trace export --cpus' | 'trace export --quantum' | 'trace export --seed' \
        | 'trace export --max-insns' | 'trace export --pressure' | 'trace export --env' \
        | 'trace export --timeout' | 'walk --cr3' | 'walk --maxphyaddr' | 'walk --ram' | 'walk --swap' \
        | 'walk --cpus' | 'walk --quantum' | 'walk --seed' | 'walk --max-insns' | 'walk --pressure' \
        | 'walk --env' | 'walk --timeout' | 'pte decode --maxphyaddr' | 'pte explain --maxphyaddr' \
        | 'pte explain --pkru' | 'pte matrix --maxphyaddr')
            : ;;
        'run --overcommit' | 'why --overcommit' | 'debug --overcommit' | 'gdb --overcommit' \
        | 'trace export --overcommit' | 'walk --overcommit')
            _mmuemu_value_run_overcommit ;;
        'run --profile' | 'why --profile' | 'debug --profile' | 'gdb --profile' | 'trace export --profile' \
        | 'walk --profile' | 'pte decode --profile')
            _mmuemu_value_run_profile ;;
        'run --abi' | 'why --abi' | 'debug --abi' | 'gdb --abi' | 'trace export --abi' | 'walk --abi')
            _mmuemu_value_run_abi ;;
        'run --tlb' | 'why --tlb' | 'debug --tlb' | 'gdb --tlb' | 'trace export --tlb' | 'walk --tlb')
            _mmuemu_value_run_tlb ;;
        'run --preset' | 'why --preset' | 'debug --preset' | 'gdb --preset' | 'trace export --preset' \
        | 'walk --preset')
            _mmuemu_value_run_preset ;;
        'run --cpu' | 'why --cpu' | 'debug --cpu' | 'gdb --cpu' | 'trace export --cpu' | 'walk --cpu')
            _mmuemu_value_run_cpu ;;
        'debug --break')
            _mmuemu_value_debug_break ;;
        'trace export --format')
            _mmuemu_value_trace_export_format ;;
        'trace export --kinds')
            _mmuemu_value_trace_export_kinds ;;
        'walk --at')
            _mmuemu_value_walk_at ;;
        'pte decode --level' | 'pte encode --level' | 'pte explain --level')
            _mmuemu_value_pte_decode_level ;;
        'pte explain --bits' | 'pte matrix --reg')
            _mmuemu_value_pte_explain_bits ;;
        'pte matrix --levels')
            _mmuemu_value_pte_matrix_levels ;;
        'pte matrix --bits')
            _mmuemu_value_pte_matrix_bits ;;
        *)
            return 1 ;;
    esac
}

# Tells what the argument "COMMAND NUMBER" may be.
_mmuemu_argument()
{
    case $1 in
        'run 0' | 'why 0' | 'debug 0' | 'gdb 0' | 'trace export 0' | 'diff 0' | 'diff 1' | 'walk 0')
            _mmuemu_value_run_guest_or_file ;;
        'run '* | 'why '* | 'debug '* | 'gdb '* | 'trace export '*)
            files=1 ;;
        'lab kmap 0')
            _mmuemu_value_lab_kmap_row ;;
        'lab kmap 1')
            _mmuemu_value_lab_kmap_cure ;;
        'pte encode '*)
            _mmuemu_value_pte_encode_words ;;
        'pte check '*)
            _mmuemu_value_run_from ;;
        'guests 0')
            _mmuemu_value_run_guest ;;
        'cpu 0')
            _mmuemu_value_run_cpu ;;
        'completions 0')
            _mmuemu_value_completions_shell ;;
    esac
}

# Whether options end at the first argument of the command $1.
_mmuemu_ends_options()
{
    case $1 in
        'run' | 'why' | 'debug' | 'gdb' | 'trace export')
            return 0 ;;
        *)
            return 1 ;;
    esac
}

# Offers those of $words that go on from $current, behind $lead.
_mmuemu_offer()
{
    local word given=
    if [[ -n $list && $current == *,* ]]; then
        given=,${current%,*},
        lead+=${current%,*},
        current=${current##*,}
        ((${#later[@]})) && words=("${later[@]}")
    fi
    for word in "${words[@]}"; do
        [[ $word == "$current"* && $given != *",$word,"* ]] && COMPREPLY+=("$lead$word")
    done
    [[ -n $list || ${COMPREPLY[0]} == *[=:] ]] && compopt -o nospace 2>/dev/null
    if [[ -n $files ]]; then
        while IFS= read -r word; do
            COMPREPLY+=("$lead$word")
        done < <(compgen -f -- "$current")
        compopt -o filenames 2>/dev/null
        ((${#COMPREPLY[@]})) || compopt -o default 2>/dev/null
    fi
}

_mmuemu()
{
    COMPREPLY=()
    if [[ ${COMP_WORDS[COMP_CWORD - 1]} == *[\<\>]* ]]; then
        compopt -o default 2>/dev/null
        return
    fi

    local IFS=$' \t\n' line="${COMP_WORDS[*]}" gap word i
    local -a typed=()
    [[ -n $COMP_LINE ]] && line=${COMP_LINE:0:COMP_POINT}
    for ((i = 0; i <= COMP_CWORD; i++)); do
        gap=${line%%[![:blank:]]*}
        line=${line#"$gap"}
        ((i == COMP_CWORD)) && word=$line || word=${COMP_WORDS[i]}
        line=${line#*"$word"}
        if ((i)) && [[ -z $gap ]]; then
            typed[${#typed[@]} - 1]+=$word
        else
            typed+=("$word")
        fi
    done

    local command= place=0 pending= rest=
    local -a words=() later=() options=() commands=()
    local list= files= lead= last=$((${#typed[@]} - 1))
    for ((i = 1; i < last; i++)); do
        word=${typed[i]}
        if [[ -n $pending ]]; then
            pending=
        elif [[ -z $rest && $word == -- ]]; then
            rest=1
        elif [[ -z $rest && $word == -?* ]]; then
            _mmuemu_value "$command $word" && pending=$word
        elif [[ -n $rest || $place != 0 ]] || ! _mmuemu_enter "$command $word"; then
            ((place++))
            _mmuemu_ends_options "$command" && rest=1
        fi
    done

    words=() later=() list= files=
    local current=${typed[last]} whole=${typed[last]}
    if [[ -n $pending ]]; then
        _mmuemu_value "$command $pending"
    elif [[ -z $rest && $current == --*=* ]]; then
        _mmuemu_value "$command ${current%%=*}"
        lead=${current%%=*}=
        current=${current#*=}
    elif [[ -z $rest && $current == -* ]]; then
        _mmuemu_has "$command"
        words=("${options[@]}")
    else
        _mmuemu_argument "$command $place"
        ((place)) || { _mmuemu_has "$command"; words+=("${commands[@]}"); }
    fi
    _mmuemu_offer

    local cuts=${COMP_WORDBREAKS//[^=:]/} stem=
    [[ -n $cuts ]] && stem=${whole%"${whole##*["$cuts"]}"}
    COMPREPLY=("${COMPREPLY[@]#"$stem"}")
}

complete -F _mmuemu mmuemu
