using System.Collections.Concurrent;

namespace Carillon.Sqlite;

/// <summary>
/// A file that a process keeps locked while it lives: the kernel gives the lock up at its death, however it dies, so that others need
/// not wait for a lease to expire.
/// </summary>
internal sealed class ProcessLock : IDisposable
{
    private static readonly ConcurrentBag<ProcessLock> _kept = [];
    private readonly string _path;
    private readonly FileStream _file;

    private ProcessLock(string path, FileStream file)
    {
        _path = path;
        _file = file;
    }

    public static ProcessLock Take(string companion, string process)
    {
        var path = PathOf(companion, process);
        return new ProcessLock(path, new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None));
    }

    /// <summary>Whether a process is certainly dead. A process that cannot be judged counts as alive.</summary>
    public static bool IsDead(string companion, string process)
    {
        var path = PathOf(companion, process);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes the file of a dead process.</summary>
    public static void Remove(string companion, string process)
    {
        try
        {
            File.Delete(PathOf(companion, process));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is in nobody's way.
        }
    }

    /// <summary>Keeps the file locked until this process ends, so that others notice that.</summary>
    public void Keep() => _kept.Add(this);

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_path);
    }

    private static string PathOf(string companion, string process) => Path.Combine(companion, process + ".lock");
}
