using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;

namespace MmuEmu.Debugger.Travel;

/// <summary>What a gather reads: its elements lie where a vector register says, and only those count whose mask has its sign bit set.</summary>
/// <remarks>Source: [SDM2 "VPGATHERDD/VPGATHERQD" and kin].</remarks>
internal static class GatherTouches
{
    private const int XmmOffset = 160;
    private const int XmmBytes = 16;

    /// <summary>Adds the elements that are left to read.</summary>
    /// <param name="touches">Takes them.</param>
    /// <param name="cpu">The processor.</param>
    /// <param name="instruction">The gather.</param>
    /// <param name="memory">Its operand.</param>
    /// <param name="start">The address without the index.</param>
    public static void Add(List<Touch> touches, Vcpu cpu, in Instruction instruction, in UsedMemory memory, ulong start)
    {
        UserContext context = new();
        cpu.Save(context);
        int bytes = memory.MemorySize.GetSize();
        int count = Math.Min(memory.Index.GetSize() / memory.VsibSize, instruction.Op0Register.GetSize() / bytes);
        for (int i = 0; i < count; i++)
        {
            if (Lane(context, instruction.Op2Register, i, bytes) < 0)
            {
                touches.Add(new Touch(start + (ulong)(Lane(context, memory.Index, i, memory.VsibSize) * memory.Scale), (ulong)bytes, true));
            }
        }
    }

    /// <summary>One element of 4 or 8 bytes, with its sign.</summary>
    private static long Lane(UserContext context, Register register, int number, int bytes)
    {
        int at = number * bytes;
        ReadOnlySpan<byte> half = at < XmmBytes
            ? context.Fx[(XmmOffset + (register.GetNumber() * XmmBytes) + at)..]
            : context.Upper[((register.GetNumber() * XmmBytes) + at - XmmBytes)..];
        return bytes == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(half) : BinaryPrimitives.ReadInt64LittleEndian(half);
    }
}
