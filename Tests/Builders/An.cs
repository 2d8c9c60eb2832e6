using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Builders;

/// <summary>Accesses by their names: <c>An.UserWrite(0x40_0123)</c>.</summary>
public static class An
{
    public static Access UserRead(ulong address) => Of(address, AccessKind.Read, AccessOrigin.User);

    public static Access UserWrite(ulong address) => Of(address, AccessKind.Write, AccessOrigin.User);

    public static Access UserFetch(ulong address) => Of(address, AccessKind.Fetch, AccessOrigin.User);

    public static Access KernelRead(ulong address) => Of(address, AccessKind.Read, AccessOrigin.Supervisor);

    public static Access KernelWrite(ulong address) => Of(address, AccessKind.Write, AccessOrigin.Supervisor);

    public static Access KernelFetch(ulong address) => Of(address, AccessKind.Fetch, AccessOrigin.Supervisor);

    public static Access ImplicitRead(ulong address) => Of(address, AccessKind.Read, AccessOrigin.ImplicitSupervisor);

    public static Access ImplicitWrite(ulong address) => Of(address, AccessKind.Write, AccessOrigin.ImplicitSupervisor);

    public static Access Of(ulong address, AccessKind kind, AccessOrigin origin) => new(new VirtAddr(address), kind, origin);
}
