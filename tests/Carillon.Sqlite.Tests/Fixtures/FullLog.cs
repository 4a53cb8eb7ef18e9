using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite.Tests;

/// <summary>A log that cannot write while its disk is full.</summary>
internal sealed class FullLog : ILoggerProvider, ILogger
{
    private int _refused;

    /// <summary>Whether it is full.</summary>
    public bool IsFull { get; set; }

    /// <summary>The only messages that it cannot write; all while it is null.</summary>
    public string? Only { get; init; }

    /// <summary>How much it could not write.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsFull || (Only is not null && !formatter(state, exception).Contains(Only, StringComparison.Ordinal)))
            return;
        Interlocked.Increment(ref _refused);
        throw new IOException("No space left on device");
    }

    public void Dispose()
    {
    }
}
