using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tasks;
using Org.BouncyCastle.Crypto.Digests;

namespace MmuEmu.Kernel.Views;

/// <summary>Numbers to compare two runs at the same point by.</summary>
internal static class StateHash
{
    /// <summary>T, registers and RAM.</summary>
    public static byte[] Of(MiniKernel kernel)
    {
        Sha256Digest hash = new();
        hash.BlockUpdate(OfStep(kernel));
        hash.BlockUpdate(kernel.HashRam());
        return End(hash);
    }

    /// <summary>T and registers.</summary>
    public static byte[] OfStep(MiniKernel kernel)
    {
        Sha256Digest hash = new();
        Add(hash, kernel.Time);
        foreach (Process process in kernel.System.Processes.All)
        {
            foreach (UserThread thread in process.Threads)
            {
                Add(hash, (ulong)thread.Tid);
                Add(hash, RegisterLook.CopyOf(kernel.System, thread));
            }
        }

        return End(hash);
    }

    private static void Add(Sha256Digest hash, UserContext registers)
    {
        foreach (ulong register in registers.Registers)
        {
            Add(hash, register);
        }

        Add(hash, registers.Rip);
        Add(hash, registers.Rflags);
        Add(hash, registers.FsBase);
        Add(hash, registers.GsBase);
        hash.BlockUpdate(registers.Fx);
        hash.BlockUpdate(registers.Upper);
    }

    private static void Add(Sha256Digest hash, ulong number)
    {
        ulong little = BitConverter.IsLittleEndian ? number : BinaryPrimitives.ReverseEndianness(number);
        hash.BlockUpdate(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in little)));
    }

    private static byte[] End(Sha256Digest hash)
    {
        byte[] digest = new byte[hash.GetDigestSize()];
        hash.DoFinal(digest);
        return digest;
    }
}
