using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Paging;

/// <summary>Who may do what with a page that a walk has reached.</summary>
/// <remarks>Source: [SDM3 Paging, "Determination of Access Rights" and "Protection Keys"].</remarks>
public static class AccessRules
{
    /// <summary>True when <paramref name="rights"/> alone, without protection keys, let the access through.</summary>
    public static bool Allow(in Access access, in PagingMode mode, Rights rights) => RefusedBy(access, mode, rights) == AccessRule.None;

    /// <summary>The rule by which <paramref name="rights"/> alone, without protection keys, refuse the access; the first of several.</summary>
    public static AccessRule RefusedBy(in Access access, in PagingMode mode, Rights rights) => access switch
    {
        { Origin: AccessOrigin.User } when !rights.User => AccessRule.UserSupervisor,
        { Kind: AccessKind.Fetch, Origin: not AccessOrigin.User } when rights.User && mode.Has(PagingBits.Smep) => AccessRule.Smep,
        { Kind: AccessKind.Fetch } when !rights.Execute && mode.Has(PagingBits.Nxe) => AccessRule.ExecuteDisable,
        { Kind: AccessKind.Fetch } => AccessRule.None,
        { Origin: not AccessOrigin.User } when rights.User && SmapBars(access, mode) => AccessRule.Smap,
        { Kind: AccessKind.Write } when !rights.Write && (access.FromUser || mode.Has(PagingBits.Wp)) => AccessRule.ReadWrite,
        _ => AccessRule.None,
    };

    /// <summary>True when the page's protection key forbids a data access to this user page.</summary>
    public static bool KeyBars(in Access access, in PagingMode mode, Rights rights, int protectionKey)
    {
        if ((mode.Bits & PagingBits.Pke) == 0 || !rights.User || access.Kind == AccessKind.Fetch)
        {
            return false;
        }

        uint bits = mode.Pkru >> (2 * protectionKey);
        bool accessDisabled = (bits & 1) != 0;
        bool writeDisabled = (bits & 2) != 0;
        return accessDisabled || (writeDisabled && access.IsWrite && (access.FromUser || mode.Has(PagingBits.Wp)));
    }

    /// <summary>The fault that <paramref name="access"/> meets at a page with these rights and this key, or null when it passes.</summary>
    /// <remarks>
    /// A page that both the rights and the key forbid reports PK as well: the key is judged on its own.
    /// </remarks>
    public static bool TryPass(in Access access, in PagingMode mode, Rights rights, int protectionKey, out PageFault fault)
    {
        bool keyBars = KeyBars(access, mode, rights, protectionKey);
        if (!keyBars && Allow(access, mode, rights))
        {
            fault = default;
            return true;
        }

        fault = FaultOf(access, mode, PageFaultCode.P | (keyBars ? PageFaultCode.PK : PageFaultCode.None));
        return false;
    }

    /// <summary>The fault for <paramref name="access"/> with <paramref name="cause"/>, its kind and origin filled in.</summary>
    public static PageFault FaultOf(in Access access, in PagingMode mode, PageFaultCode cause)
    {
        PageFaultCode code = cause;
        if (access.IsWrite)
        {
            code |= PageFaultCode.WR;
        }

        if (access.FromUser)
        {
            code |= PageFaultCode.US;
        }

        if (access.IsFetch && (mode.Bits & (PagingBits.Nxe | PagingBits.Smep)) != 0)
        {
            code |= PageFaultCode.ID;
        }

        return new PageFault(access.Address, code);
    }

    private static bool SmapBars(in Access access, in PagingMode mode) =>
        mode.Has(PagingBits.Smap) && (access.Origin == AccessOrigin.ImplicitSupervisor || !mode.Has(PagingBits.Ac));
}
