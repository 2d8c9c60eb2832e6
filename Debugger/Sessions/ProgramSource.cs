using System.Globalization;
using MmuEmu.Debugger.Source;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Function and line of instructions of a run's own program, as long as no other program takes its place.</summary>
internal sealed class ProgramSource : IDisposable
{
    private readonly SourceMap _map;

    private ProgramSource(SourceMap map) => _map = map;

    /// <summary>The source of the program that <paramref name="kernel"/> is about to run.</summary>
    public static ProgramSource Of(PlannedRun plan, MiniKernel kernel)
    {
        string path = plan.Options.ProgramPath is null ? RootedPath.OnHost(plan.Options.HostRoot, plan.Options.Program) : plan.Options.Program;
        ElfSymbols symbols = ElfSymbols.Of(path);
        ulong bias = symbols.IsFixed ? 0 : kernel.Program.Entry.Raw - symbols.Entry;
        return new ProgramSource(new SourceMap(path, bias));
    }

    /// <summary>The function with the offset in it, and the line; empty when nothing is known.</summary>
    /// <param name="rip">An address of the program.</param>
    /// <param name="bytesBack">How far before it the instruction is whose line is meant; 0 for its own.</param>
    public string NameOf(VirtAddr rip, ulong bytesBack)
    {
        if (_map.FunctionAt(rip.Raw) is not var (function, offset))
        {
            return "";
        }

        string symbol = OwnText.Printable(offset == 0 ? function : string.Create(CultureInfo.InvariantCulture, $"{function}+0x{offset:x}"));
        return _map.FramesAt(rip.Raw - bytesBack) is [{ Line: > 0 } frame, ..]
            ? string.Create(CultureInfo.InvariantCulture, $"{symbol} ({OwnText.Printable(frame.File[(frame.File.LastIndexOf('/') + 1)..])}:{frame.Line})")
            : symbol;
    }

    /// <inheritdoc/>
    public void Dispose() => _map.Dispose();
}
