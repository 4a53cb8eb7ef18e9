using Microsoft.Win32.SafeHandles;

namespace Carillon.Sqlite;

/// <summary>
/// Tells other processes that something changed, by writing one byte to a small file that they watch: at once, and then at most every
/// few milliseconds.
/// </summary>
internal sealed class Bell : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private static readonly byte[] Stroke = [1];
    private readonly SafeFileHandle _file;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private long _rung;
    private bool _isPending;

    public Bell(string companion, TimeProvider time)
    {
        _time = time;
        _file = File.OpenHandle(PathIn(companion), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    public const string FileName = "bell";

    public static string PathIn(string companion) => Path.Combine(companion, FileName);

    public void Ring()
    {
        TimeSpan wait;
        lock (_lock)
        {
            if (_isPending || _file.IsClosed)
                return;
            wait = _rung == 0 ? TimeSpan.Zero : Pause - _time.GetElapsedTime(_rung);
            if (wait <= TimeSpan.Zero)
            {
                Strike();
                return;
            }

            _isPending = true;
        }

        _ = RingLaterAsync(wait);
    }

    public void Dispose()
    {
        lock (_lock)
            _file.Dispose();
    }

    private async Task RingLaterAsync(TimeSpan wait)
    {
        await Task.Delay(wait, _time);
        lock (_lock)
        {
            _isPending = false;
            Strike();
        }
    }

    private void Strike()
    {
        _rung = _time.GetTimestamp();
        try
        {
            if (!_file.IsClosed)
                RandomAccess.Write(_file, Stroke, 0);
        }
        catch (IOException)
        {
            // A full disk: the others look by themselves before long.
        }
    }
}
