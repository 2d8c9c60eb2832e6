namespace MmuEmu.Debugger.Shells;

/// <summary>The part of the bash script that is the same whatever the commands are.</summary>
internal static class BashEngine
{
    /// <summary>Ahead of the tables.</summary>
    public const string Head =
        """
        # Completions of mmuemu for bash.                            -*- shell-script -*-
        # Printed by: mmuemu completions bash


        """;

    /// <summary>Behind the tables.</summary>
    /// <remarks>
    /// The words in COMP_WORDS are cut at = and : as well; in COMP_LINE they are whole. What is offered must again begin behind the last cut.
    /// compopt is not in bash 3, which then puts a blank too many. Behind &gt; and &lt; there are only files.
    /// </remarks>
    public const string Body =
        """
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

        """;
}
