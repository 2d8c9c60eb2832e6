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

    /// <summary>One line per access: allowed, or the error code it faults with.</summary>
    /// <param name="judge">Tells whether the access passes, and with which code it faults.</param>
    public static IEnumerable<string> Lines(Func<AccessKind, AccessOrigin, PageFaultCode?> judge)
    {
        foreach ((string name, AccessKind kind, AccessOrigin origin) in Accesses)
        {
            PageFaultCode? code = judge(kind, origin);
            yield return code is null ? $"{name,-13} allowed" : $"{name,-13} #PF {WalkText.Code(code.Value)}";
        }
    }
}
