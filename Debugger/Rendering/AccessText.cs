using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.Rendering;

/// <summary>What each kind of access to a page would meet.</summary>
internal static class AccessText
{
    private static readonly (string Name, AccessKind Kind, AccessOrigin Origin)[] Accesses =
    [
        ("user read", AccessKind.Read, AccessOrigin.User), ("user write", AccessKind.Write, AccessOrigin.User),
        ("user fetch", AccessKind.Fetch, AccessOrigin.User), ("kernel read", AccessKind.Read, AccessOrigin.Supervisor),
        ("kernel write", AccessKind.Write, AccessOrigin.Supervisor), ("kernel fetch", AccessKind.Fetch, AccessOrigin.Supervisor),
    ];

    /// <summary>Each access with its name; the address is left open.</summary>
    public static IEnumerable<(string Name, Access Access)> All() =>
        Array.ConvertAll(Accesses, a => (a.Name, new Access(default, a.Kind, a.Origin)));

    /// <summary>One line: allowed, or the error code that the access faults with.</summary>
    public static string Line(string access, PageFaultCode? code) => $"{access,-13} {(code is null ? "allowed" : $"#PF {WalkText.Code(code.Value)}")}";
}
