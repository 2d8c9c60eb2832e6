using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.Monitor;

/// <summary>All commands, in the order of the help.</summary>
internal static class CommandTable
{
    private const string Steps = "Steps";
    private const string Runs = "Runs and moments";
    private const string Stops = "Breakpoints and watchpoints";
    private const string Why = "What happens here, and why";
    private const string Memory = "Tables, mappings, frames";
    private const string Program = "The program";
    private const string Change = "Changes, each of which begins another future";
    private const string Other = "As in QEMU's monitor";

    /// <summary>The rows.</summary>
    public static IReadOnlyList<MonitorCommand> Rows { get; } =
    [
        new(Steps, "s", ["step"], "[N]", "to the next line of source, also into functions", (c, w) => MoveCommands.Go(c, w, StepKind.Line, Direction.Forward)),
        new(Steps, "n", ["next"], "[N]", "to the next line of source, over calls", (c, w) => MoveCommands.Go(c, w, StepKind.LineOver, Direction.Forward)),
        new(Steps, "si", ["stepi"], "[N]", "one instruction", (c, w) => MoveCommands.Go(c, w, StepKind.Instruction, Direction.Forward)),
        new(Steps, "ni", ["nexti"], "[N]", "one instruction, over calls", (c, w) => MoveCommands.Go(c, w, StepKind.InstructionOver, Direction.Forward)),
        new(Steps, "finish", ["out"], "[N]", "to the end of the function, behind its return", (c, w) => MoveCommands.Go(c, w, StepKind.Out, Direction.Forward)),
        new(Steps, "u", ["micro-step"], "[N]", "one micro-step: TLB, each entry of the walk, verdict, A and D, fill, fault, and the kernel's", (c, w) => MoveCommands.Micro(c, w, Direction.Forward)),
        new(Steps, "k", ["kernel"], "[N]", "one step of the kernel: mapping, rights, frame, entry, flush, signal", (c, w) => MoveCommands.Kernel(c, w, Direction.Forward)),
        new(Steps, "rs", [], "[N]", "back to the line of source before", (c, w) => MoveCommands.Go(c, w, StepKind.Line, Direction.Backward)),
        new(Steps, "rn", [], "[N]", "back to the line of source before, over calls", (c, w) => MoveCommands.Go(c, w, StepKind.LineOver, Direction.Backward)),
        new(Steps, "rsi", [], "[N]", "one instruction back", (c, w) => MoveCommands.Go(c, w, StepKind.Instruction, Direction.Backward)),
        new(Steps, "rni", [], "[N]", "one instruction back, over calls", (c, w) => MoveCommands.Go(c, w, StepKind.InstructionOver, Direction.Backward)),
        new(Steps, "rfinish", ["rout"], "[N]", "back to the call of the function", (c, w) => MoveCommands.Go(c, w, StepKind.Out, Direction.Backward)),
        new(Steps, "ru", [], "[N]", "one micro-step back", (c, w) => MoveCommands.Micro(c, w, Direction.Backward)),
        new(Steps, "rk", [], "[N]", "one step of the kernel back", (c, w) => MoveCommands.Kernel(c, w, Direction.Backward)),
        new(Steps, "back", [], "STEP [N]", "the same in words: back s, back u 3, back c, back to fault", MoveCommands.Back),

        new(Runs, "run", [], "to WHAT", "on to fault, badfault, signal [NAME], syscall [NAME], reclaim, rule, mark [NAME] or task", RunCommands.Run),
        new(Runs, "c", ["continue"], "", "on to the next breakpoint or watchpoint", (c, w) => StopCommands.Continue(c, w, Direction.Forward)),
        new(Runs, "rc", [], "", "back to the one before", (c, w) => StopCommands.Continue(c, w, Direction.Backward)),
        new(Runs, "seek", [], "T[.k]|MARK|begin|end", "to a moment", TimeCommands.Seek),
        new(Runs, "where", ["w"], "", "the moment, the thread, the place in the program", TimeCommands.Where),
        new(Runs, "mark", [], "NAME", "names this moment", TimeCommands.Mark),
        new(Runs, "marks", [], "", "moments that have names", TimeCommands.Marks),
        new(Runs, "last", [], "pte ADDR|frame PFN|ADDR [LEN]", "when it changed last before here, and by what", TimeCommands.Last),
        new(Runs, "last!", ["go-last"], "pte ADDR|frame PFN|ADDR [LEN]", "goes there", TimeCommands.GoLast),

        new(Stops, "break", ["b"], "[ADDR|FILE:LINE|FUNCTION]", "stops before an instruction; alone it lists what is set", StopCommands.Break),
        new(Stops, "watch", [], "ADDR [LEN]|phys:ADDR [LEN]|pte ADDR|frame PFN", "stops when bytes, an entry or a frame change", StopCommands.Watch),
        new(Stops, "delete", ["d"], "[N]", "takes one of them away, or all", StopCommands.Delete),

        new(Why, "why", [], "", "the fault at work here or the last one: rule, walk, what the entry was before", WhyCommands.Why),
        new(Why, "micro", [], "[all]", "the micro-steps of this T", MicroCommands.Micro),
        new(Why, "faults", [], "[N]", "page faults around here", FaultCommands.Faults),

        new(Memory, "walk", [], "[ADDR] [r|w|x]", "the entries that translate an address, and what accesses would meet", WalkCommands.Walk),
        new(Memory, "pte", [], "[ADDR]|LEVEL=INDEX...", "one entry, bit by bit", WalkCommands.Entry),
        new(Memory, "vma", [], "[ADDR]", "the mapping of an address and its pages", SpaceCommands.Vma),
        new(Memory, "maps", [], "", "all mappings", SpaceCommands.Maps),
        new(Memory, "frame", [], "[PFN|ADDR]", "one frame of RAM: use, counts, list, who maps it", FrameCommands.Frame),
        new(Memory, "rmap", [], "[PFN|ADDR]", "every entry that holds a frame", FrameCommands.Rmap),
        new(Memory, "lru", [], "[LIST] [N]", "the lists of reclaim", FrameCommands.Lru),
        new(Memory, "free", [], "", "how much memory is used for what", FrameCommands.Free),
        new(Memory, "tlb", [], "[ADDR]", "what the TLBs and paging-structure caches hold", TlbCommands.Tlb),

        new(Program, "tasks", ["threads"], "", "threads and what they do", CodeCommands.Tasks),
        new(Program, "regs", [], "", "registers of the thread at work", CodeCommands.Regs),
        new(Program, "x", [], "ADDR|phys:ADDR [BYTES]", "memory", CodeCommands.Memory),
        new(Program, "dis", [], "[ADDR] [N]", "instructions", CodeCommands.Disassemble),
        new(Program, "src", ["list", "l"], "[ADDR]", "source", CodeCommands.Source),

        new(Change, "purge", [], "ADDR LEN", "takes volatile and lazily free pages of a range away", EditCommands.Purge),
        new(Change, "reclaim", [], "[N]", "reclaims N frames", EditCommands.Reclaim),
        new(Change, "age", [], "", "makes all pages one step older: clears every A bit", EditCommands.Age),
        new(Change, "type", [], "TEXT", "gives the guest TEXT and Enter to read next from its standard input; \\n \\t \\e \\\\ \\xHH, and \\c at the end for no Enter", EditCommands.Type),
        new(Change, "signal", [], "NAME", "sends a signal as a terminal does, INT as by Ctrl-C", EditCommands.Send),

        new(Other, "info", [], "mem|tlb|registers", "mappings, pages or registers", QemuCommands.Info),
        new(Other, "gva2gpa", [], "ADDR", "the physical address behind an address", QemuCommands.ToPhysical),
        new(Other, "gpa2hva", [], "ADDR", "refused, with what to type instead", QemuCommands.ToHost),
    ];
}
