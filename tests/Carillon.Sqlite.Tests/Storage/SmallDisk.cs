using System.Diagnostics;
using System.Globalization;

namespace Carillon.Sqlite.Tests;

/// <summary>A disk of a few megabytes in a folder of its own. Where mounting is not allowed, its tests are skipped and say so.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder;

    private SmallDisk(TemporaryFolder folder) => _folder = folder;

    public static SmallDisk Mount(TemporaryFolder folder, int megabytes)
    {
        var options = string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m");
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.Path), "Mounting a small disk is not allowed here.");
        return new SmallDisk(folder);
    }

    public void MakeReadOnly() => Assert.True(Run("mount", "-o", "remount,ro", _folder.Path), "The small disk could not be made read-only.");

    public void Dispose() => Run("umount", _folder.Path);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
