using System.Text.RegularExpressions;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Debugger.Shells;

/// <summary>Asks a real shell, with the script that the command prints, what it offers at the end of a line.</summary>
internal static class ShellHarness
{
    private static readonly Regex Cuts = new("[^ =:]+|[=:]+");

    /// <summary>Skips the test when <paramref name="program"/> is not installed.</summary>
    public static void Need(string program, string package) =>
        Assert.SkipUnless(HostProcess.Exists(program), $"needs {program}: apt-get install {package}");

    /// <summary>What bash offers, as whole words.</summary>
    /// <remarks>Readline cuts the line at = and : too, gives the pieces to the function, and puts what it offers behind the last cut.</remarks>
    public static Task<string[]> Bash(TempFolder folder, string line)
    {
        const string Ask =
            """
            source "$1"
            COMP_LINE=$2 COMP_POINT=${#2}
            COMP_WORDS=("${@:3}") COMP_CWORD=$(($# - 3))
            _mmuemu mmuemu
            ((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
            """;
        Need("bash", "bash");
        string[] pieces = [.. Cuts.Matches(line).Select(m => m.Value), .. line.EndsWith(' ') ? [""] : Array.Empty<string>()];
        string word = line[(line.LastIndexOf(' ') + 1)..];
        string kept = word[..(word.LastIndexOfAny(['=', ':']) + 1)];
        return Offered(folder, kept, "bash", ["--norc", "--noprofile", "-c", Ask, "bash", folder.Script("bash"), line, .. pieces]);
    }

    /// <summary>What zsh offers: an interactive one in a pseudo-terminal, whose compadd tells all it is given.</summary>
    public static Task<string[]> Zsh(TempFolder folder, string line)
    {
        const string Ask =
            """
            zmodload zsh/zpty
            print -r -- "PS1= PS2= RPS1=
            autoload -Uz compinit; compinit -D -u
            source ${(q)1}
            compadd() {
                if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd \"\$@\"; return; fi
                local -a found
                builtin compadd -A found \"\$@\"
                print -rl -- \$IPREFIX\${^found} >> ${(q)3}.told
                builtin compadd \"\$@\"
            }
            tell() { zle list-choices; print done >> ${(q)3}.told; exit }
            zle -N tell
            bindkey '^I' tell
            print ready >> ${(q)3}.told" > $3
            await() { until grep -qsx $1 $2.told; do zpty -r inner junk; sleep 0.02; done }
            zpty -b inner zsh -f -i
            zpty -w inner "source ${(q)3}"
            await ready $3
            zpty -n -w inner "$2"$'\t'
            await done $3
            sed '1d; $d; /^$/d; s/\\\(.\)/\1/g' $3.told
            """;
        Need("zsh", "zsh");
        return Offered(folder, "", "zsh", ["-f", "-c", Ask, "zsh", folder.Script("zsh"), line, folder.Unused("setup")]);
    }

    /// <summary>What fish offers.</summary>
    public static Task<string[]> Fish(TempFolder folder, string line)
    {
        Need("fish", "fish");
        return Offered(folder, "", "fish", ["--no-config", "-c", "source $argv[1]; complete -C $argv[2]", folder.Script("fish"), line]);
    }

    private static async Task<string[]> Offered(TempFolder folder, string kept, string program, string[] arguments)
    {
        HostPlace place = new(folder.Path) { Variables = [("HOME", folder.Path), ("TERM", "xterm"), ("LC_ALL", "C.UTF-8")] };
        HostRun run = await HostProcess.Run(place, program, arguments);
        run.Errors.ShouldBe("");
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => kept + l.Split('\t')[0]).Order(StringComparer.Ordinal)];
    }
}
