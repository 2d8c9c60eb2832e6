using MmuEmu.Kernel.Abi;

namespace MmuEmu.Kernel.Files;

/// <summary>The host's files as a run asks for them: a door to whoever runs the kernel. The kernel itself never touches the host's disk.</summary>
/// <remarks>
/// Nothing is ever written through it. Paths are the host's, absolute but for <see cref="FullPath"/>. No method throws: an answer or an errno.
/// Equal answers give equal runs.
/// </remarks>
public interface IHostDisk
{
    /// <summary><paramref name="path"/> as an absolute path without . and .. in it, from the host's working folder on when it is relative.</summary>
    string FullPath(string path);

    /// <summary>What lies at <paramref name="path"/>; a symbolic link at its end is not followed.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="entry">Out: what is there; default with an errno.</param>
    /// <returns>None; ENOENT when there is nothing; EACCES, EIO or another errno of the host.</returns>
    Errno Stat(string path, out HostEntry entry);

    /// <summary>The names in the folder at <paramref name="path"/>, without . and .., in the host's order.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="names">Out: the names; none with an errno.</param>
    /// <returns>None; ENOENT; EACCES, EIO or another errno of the host.</returns>
    Errno List(string path, out IReadOnlyList<string> names);

    /// <summary>Opens the regular file at <paramref name="path"/> to be read; the caller disposes of it.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="file">Out: the file; null with an errno.</param>
    /// <returns>None; ENOENT; EACCES, EIO or another errno of the host.</returns>
    Errno Open(string path, out IHostFile? file);
}
