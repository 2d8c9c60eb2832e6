namespace MmuEmu.Debugger.Shells;

/// <summary>The parts of the fish script that are the same whatever the commands are.</summary>
internal static class FishEngine
{
    /// <summary>Ahead of the tables.</summary>
    public const string Head =
        """
        # Completions of mmuemu for fish.
        # Printed by: mmuemu completions fish

        """;

    /// <summary>Behind the tables of commands and options, ahead of the values.</summary>
    public const string Body =
        """

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


        """;
}
