using System.Diagnostics;

namespace Carillon.Tests;

/// <summary>The programs of a PostgreSQL server on this machine, run as a user that it accepts: it refuses to be root.</summary>
internal static class PostgreSqlPrograms
{
    private static readonly Lazy<string?> Found = new(Find);

    /// <summary>Where they are, or null.</summary>
    public static string? Folder => Found.Value;

    /// <summary>Starts a program without waiting for its end. Its id is that of the program, not of something in between.</summary>
    public static Process Start(string program, string workingFolder, params string[] arguments) =>
        StartAt(Path.Combine(Folder!, program), workingFolder, arguments);

    /// <summary>The same for a program that is somewhere else.</summary>
    public static Process StartAt(string path, string workingFolder, params string[] arguments)
    {
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = workingFolder;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; with what it said.</exception>
    public static async Task RunAsync(string program, string workingFolder, params string[] arguments)
    {
        using var process = Start(program, workingFolder, arguments);
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {errors}");
    }

    /// <summary>Makes a folder in the temporary folder that the server may use.</summary>
    public static async Task<string> CreateFolderAsync()
    {
        var folder = Directory.CreateTempSubdirectory("carillon-postgresql-").FullName;
        if (Environment.UserName != "root")
            return folder;
        using var give = Process.Start("chown", ["postgres:", folder]);
        await give.WaitForExitAsync();
        return folder;
    }

    /// <summary>Puts a small disk in the place of a folder; false where that is not allowed.</summary>
    public static async Task<bool> MountAsync(string folder, int megabytes)
    {
        using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m,mode=0777", "tmpfs", folder]) { RedirectStandardError = true })!;
        await mount.WaitForExitAsync();
        return mount.ExitCode == 0;
    }

    /// <summary>Takes it away again.</summary>
    public static async Task UnmountAsync(string folder)
    {
        using var unmount = Process.Start("umount", ["-l", folder]);
        await unmount.WaitForExitAsync();
    }

    private static string? Find()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            : Enumerable.Empty<string>();
        return installed.Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .Select(RealFolder)
            .FirstOrDefault(folder => folder is not null);
    }

    // What stands in the path is often a link to one of the programs; the others are where it leads.
    private static string? RealFolder(string folder)
    {
        var program = new FileInfo(Path.Combine(folder, "initdb"));
        var real = program.Exists ? program.ResolveLinkTarget(returnFinalTarget: true) ?? program : program;
        return real.Exists && File.Exists(Path.Combine(Path.GetDirectoryName(real.FullName)!, "postgres")) ? Path.GetDirectoryName(real.FullName) : null;
    }
}
