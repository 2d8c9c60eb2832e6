namespace MmuEmu.Tests.Debugger.Shells;

/// <summary>What a shell offers at the end of a line: the same in all three.</summary>
public sealed class CompletionTests
{
    /// <summary>Lines as typed, and all that is offered there, with a blank between the words.</summary>
    public static TheoryData<string, string> Lines => new()
    {
        { "mmuemu ", "completions cpu debug diff gdb gdbinit guests lab man pte run trace walk why" },
        { "mmuemu pte ", "check decode encode explain matrix" },
        { "mmuemu trace ", "export" },
        { "mmuemu trace export --format ", "chrome ndjson perfetto speedscope strace svg" },
        { "mmuemu trace export --kinds fault,r", "fault,reclaim fault,rule" },
        { "mmuemu completions ", "bash fish zsh" },
        { "mmuemu --color never ru", "run" },
        { "mmuemu --color=never pte de", "decode" },

        // Options of the command, in either form
        { "mmuemu run --tr", "--trace" },
        { "mmuemu run --stats --str", "--strace" },
        { "mmuemu run --tlb ", "maxstale nocache preset" },
        { "mmuemu run --tlb=", "--tlb=maxstale --tlb=nocache --tlb=preset" },
        { "mmuemu run --tlb=no", "--tlb=nocache" },
        { "mmuemu run --preset g", "golden-cove" },
        { "mmuemu run --ram ", "" },
        { "mmuemu walk hello 0x401000 --at sy", "syscall:" },
        { "mmuemu walk hello 0x401000 --a", "--abi --allow-unfired --at" },
        { "mmuemu pte explain --level pml", "pml4 pml5" },

        // Lists: each element, none twice
        { "mmuemu run --trace f", "fault" },
        { "mmuemu run --trace fault,", "fault,access fault,all fault,boot fault,copy fault,mark fault,reclaim fault,rule fault,signal fault,syscall fault,task fault,walk" },
        { "mmuemu run --trace=fault,walk,s", "--trace=fault,walk,signal --trace=fault,walk,syscall" },
        { "mmuemu run --profile madvfree=l", "madvfree=linux412 madvfree=linux45" },
        { "mmuemu run --profile strict,us", "strict,userfault=uf2013 strict,userfault=uf2014" },
        { "mmuemu run --cpu ", "max v1 v2 v3" },
        { "mmuemu run --cpu v3,vendor=", "v3,vendor=amd v3,vendor=intel" },
        { "mmuemu run --cpu v3,-avx", "v3,-avx v3,-avx2" },
        { "mmuemu cpu v2,+ssse", "v2,+ssse3" },
        { "mmuemu pte matrix --reg smap,sm", "smap,smep" },

        // Arguments: programs that ship, files, words
        { "mmuemu run hel", "hello hello-glibc hello-pie helper" },
        { "mmuemu why -- hel", "hello hello-glibc hello-pie helper" },
        { "mmuemu walk hello ", "" },
        { "mmuemu guests hel", "hello hello-glibc hello-pie" },
        { "mmuemu pte encode P W pf", "pfn=" },
        { "mmuemu pte matrix --out m", "mem.txt" },
        { "mmuemu pte matrix --diff=m", "--diff=mem.txt" },

        // Options end at GUEST: the rest is the guest's
        { "mmuemu run hello m", "mem.txt" },
        { "mmuemu run --stats hello --", "" },
        { "mmuemu run --trace fault hello --trace ", "helper mem.txt" },
        { "mmuemu why -- hello --", "" },
        { "mmuemu trace export --format svg hello --trace ", "helper mem.txt" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Bash_offers(string line, string words) => await Offers(ShellHarness.Bash, line, words);

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Zsh_offers(string line, string words) => await Offers(ShellHarness.Zsh, line, words);

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Fish_offers(string line, string words) => await Offers(ShellHarness.Fish, line, words);

    private static async Task Offers(Func<TempFolder, string, Task<string[]>> ask, string line, string words)
    {
        using TempFolder folder = new();

        string[] offered = await ask(folder, line);

        offered.ShouldBe([.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)]);
    }
}
