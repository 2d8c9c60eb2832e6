using System.Text.Json;
using MmuEmu.Debugger.Sessions;

namespace MmuEmu.Debugger.Rendering;

/// <summary>The files of the host that a run has opened, for the JSON report: what else than the command line decided how it went.</summary>
internal static class JsonFiles
{
    /// <summary>
    /// Writes <c>programSha256</c>, the guest's own file's, and <c>files</c>: <c>path</c>, as the guest knows it, <c>sha256</c>, and <c>hostPath</c>
    /// where it is not the path below the root folder, sorted by path; each file is read when the run is over. Of a program that ships there
    /// are no <c>files</c>.
    /// </summary>
    public static void Write(Utf8JsonWriter json, RunRemains remains)
    {
        string program = remains.Options.Program;
        if (remains.Options.ProgramPath is not null)
        {
            json.WriteString("programSha256", FileHash.Of(program));
            return;
        }

        json.WriteString("programSha256", FileHash.Of(RootedPath.OnHost(remains.Options.HostRoot, program)));
        json.WriteStartArray("files");
        string root = (remains.Options.HostRoot ?? "/").TrimEnd('/');
        foreach ((string path, string hostPath) in remains.Files)
        {
            json.WriteStartObject();
            PortableText.Write(json, "path", path);
            json.WriteString("sha256", FileHash.Of(hostPath));
            if (hostPath != root + path)
            {
                PortableText.Write(json, "hostPath", hostPath);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
