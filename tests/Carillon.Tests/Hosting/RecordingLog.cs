using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Hosting;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Id, string Text)> _entries = new();
    private readonly ConcurrentQueue<Exception> _errors = new();

    /// <summary>The numbers of the entries, in order.</summary>
    public IEnumerable<int> Ids => _entries.Select(entry => entry.Id);

    /// <summary>The texts of the entries of a number, in order.</summary>
    public IReadOnlyList<string> Of(int id) => [.. _entries.Where(entry => entry.Id == id).Select(entry => entry.Text)];

    /// <summary>The exceptions that entries carried, in order.</summary>
    public IReadOnlyCollection<Exception> Errors => _errors;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _entries.Enqueue((eventId.Id, formatter(state, exception)));
        if (exception is not null)
            _errors.Enqueue(exception);
    }

    public void Dispose()
    {
    }
}
