using Iced.Intel;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.View;

/// <summary>What the instruction that is about to run will touch.</summary>
internal static class Operand
{
    /// <summary>Its access to memory: the one that writes, otherwise the first; null for none.</summary>
    public static Access? Of(MiniKernel kernel)
    {
        Vcpu cpu = kernel.Core.Vcpu;
        VirtAddr rip = new(cpu.Rip);
        CodeBytes code = CodeText.BytesAt(kernel, rip);
        Instruction instruction = InstructionText.Decode(code, rip);
        if (code.Count == 0 || instruction.IsInvalid || instruction.Mnemonic is Mnemonic.Lea or Mnemonic.Nop or Mnemonic.Syscall)
        {
            return null;
        }

        Access? found = null;
        foreach (UsedMemory memory in new InstructionInfoFactory().GetInfo(instruction).GetUsedMemory())
        {
            bool writes = memory.Access is OpAccess.Write or OpAccess.ReadWrite or OpAccess.CondWrite or OpAccess.ReadCondWrite;
            bool touches = writes || memory.Access is OpAccess.Read or OpAccess.CondRead;
            if (touches && (found is null || (writes && !found.Value.IsWrite)))
            {
                found = new Access(AddressOf(cpu, memory), writes ? AccessKind.Write : AccessKind.Read, AccessOrigin.User);
            }
        }

        return found;
    }

    private static VirtAddr AddressOf(Vcpu cpu, in UsedMemory memory)
    {
        ulong start = memory.Segment switch
        {
            Register.FS => cpu.FsBase,
            Register.GS => cpu.GsBase,
            _ => 0,
        };

        // The displacement of an address relative to RIP is the address itself.
        ulong address = ValueOf(cpu, memory.Base) + (ValueOf(cpu, memory.Index) * (ulong)memory.Scale) + memory.Displacement;
        return new VirtAddr(start + (memory.AddressSize == CodeSize.Code32 ? (uint)address : address));
    }

    private static ulong ValueOf(Vcpu cpu, Register register) =>
        register.GetFullRegister() is >= Register.RAX and <= Register.R15 and var full ? cpu[full - Register.RAX] : 0;
}
