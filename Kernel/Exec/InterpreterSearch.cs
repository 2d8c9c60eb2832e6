using System.Diagnostics.CodeAnalysis;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Kernel.Exec;

/// <summary>Finds what starts a dynamically linked program: the interpreter that its file names.</summary>
/// <remarks>Source: [Linux fs/binfmt_elf.c, load_elf_binary, load_elf_interp].</remarks>
internal static class InterpreterSearch
{
    /// <summary>May be executed by somebody.</summary>
    private const uint AnyExec = 0x49;

    /// <summary>Reads the interpreter of <paramref name="program"/>; null for a program that starts by itself.</summary>
    /// <param name="files">Where it is looked for.</param>
    /// <param name="folder">Where a relative path begins.</param>
    /// <param name="program">The program.</param>
    /// <param name="interpreter">Out: its interpreter, or null.</param>
    /// <param name="failure">Out, when the result is false: ENOENT, ENOTDIR, ELOOP, EACCES where there is none; ELIBBAD for a file that is no program; EIO for one shorter than an ELF header.</param>
    public static bool TryFind(
        FileSystem files, Place folder, ElfImage program, [MaybeNull] out ExecFile interpreter, out ExecFailure failure)
    {
        (interpreter, failure) = (null, default);
        if (program.Interpreter is not { } path)
        {
            return true;
        }

        bool found = files.Find(folder, path, LastLink.Follow).Ok(out Place? place, out Errno errno);
        if (!found || place!.Inode is not { Kind: InodeKind.Regular, Content: { } content } || (place.Inode.Mode & AnyExec) == 0)
        {
            failure = new(found ? Errno.EACCES : errno, new ElfRefusal(ElfProblem.NoInterpreter) { Interpreter = path });
            return false;
        }

        if (!ElfParser.TryParse(content, out ElfImage? image, out ElfRefusal refusal))
        {
            refusal = refusal with { Interpreter = path };
            failure = new(content.SizeBytes < ElfParser.HeaderBytes ? Errno.EIO : refusal.Errno, refusal);
            return false;
        }

        interpreter = new ExecFile(image, place.Inode);
        return true;
    }
}
