using System.Runtime.CompilerServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>How one block goes on to the next.</summary>
internal static unsafe class Linking
{
    /// <summary>Goes where <paramref name="link"/> leads: straight to the block's first instruction when it may run, else to the engine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Op* Follow(Vcpu vcpu, CpuState* s, Op* link)
    {
        Op* head = link->Target;
        if (head is not null && head->Epoch == s->FetchEpoch)
        {
            long left = s->Budget - head->Count;
            if (left >= 0)
            {
                s->Budget = left;
                return head + 1;
            }
        }

        return ToEngine(s, link);
    }

    /// <summary>Goes to a computed address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Op* Jump(Vcpu vcpu, CpuState* s, ulong rip)
    {
        Op* head = vcpu.Blocks.Quick(rip);
        if (head is not null && head->Epoch == s->FetchEpoch)
        {
            long left = s->Budget - head->Count;
            if (left >= 0)
            {
                s->Budget = left;
                return head + 1;
            }
        }

        s->Rip = rip;
        return null;
    }

    /// <summary>True for an address that RIP may hold; near branches to others are #GP(0) before anything changes.</summary>
    /// <remarks>Source: [SDM2 "JMP", "CALL", "RET"].</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayGo(Vcpu vcpu, ulong rip) =>
        (ulong)((long)(rip << 16) >> 16) == rip || new VirtAddr(rip).IsCanonical(vcpu.Mmu.Mode.AddressBits);

    /// <summary>Handler of a link op.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* FollowLink(Vcpu vcpu, CpuState* s, Op* op) => Follow(vcpu, s, op);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* ToEngine(CpuState* s, Op* link)
    {
        s->Rip = link->Immediate;
        s->PendingLink = link;
        return null;
    }
}
