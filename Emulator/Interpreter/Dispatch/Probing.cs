using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;

namespace MmuEmu.Emulator.Interpreter.Dispatch;

/// <summary>Runs ops for somebody who wants to see every instruction, by the same way through blocks and links as without him.</summary>
internal static unsafe class Probing
{
    /// <summary>Runs from <paramref name="op"/> on until the engine is needed.</summary>
    public static void Run(Vcpu vcpu, CpuState* s, Op* op, IInstructionProbe probe)
    {
        bool begun = false;
        while (op is not null)
        {
            s->Current = op;
            Block block = vcpu.Blocks[op->Block];
            if (!begun && op->Ordinal < block.Instructions.Length)
            {
                probe.Before(vcpu.TimeAt(op), op->Rip, vcpu[Gpr.Rsp]);
            }

            begun = (op->Traits & OpTraits.Prefix) != 0;
            ulong jump = JumpBehind(block, op, probe);
            ulong time = jump == 0 ? 0 : vcpu.TimeAt(op) + 1;
            Op* next = op->Run(vcpu, s, op);

            // A comparison alone goes on to the op behind it.
            if (jump != 0 && next != op + 1 && vcpu.Exit.Kind == CoreExitKind.None)
            {
                probe.Passed(time, jump);
            }

            op = next;
        }

        s->Current = null;
    }

    /// <summary>The conditional jump that one op may run together with the comparison before it, if somebody seeks it; otherwise 0.</summary>
    private static ulong JumpBehind(Block block, Op* op, IInstructionProbe probe)
    {
        Instruction[] instructions = block.Instructions;
        return probe.Seeks(op->NextRip)
            && op->Ordinal + 1 < instructions.Length
            && instructions[op->Ordinal].FlowControl == FlowControl.Next
            && instructions[op->Ordinal + 1].FlowControl == FlowControl.ConditionalBranch
            ? op->NextRip
            : 0;
    }
}
