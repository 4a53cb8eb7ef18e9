using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Diagnostics;

/// <summary>
/// A log whose own failures end nothing: a full disk behind a log provider is no reason to handle a message again, and none for a loop that says what fails to end. Every logger of the host comes in
/// through here.
/// </summary>
internal sealed class UnfailingLogger : ILogger
{
    private readonly ILogger _inner;

    private UnfailingLogger(ILogger inner) => _inner = inner;

    /// <summary>A logger of the host.</summary>
    /// <param name="loggers">The host's loggers; null where it has none.</param>
    /// <param name="category">Who logs.</param>
    public static ILogger Create(ILoggerFactory? loggers, string category) =>
        loggers is null ? NullLogger.Instance : new UnfailingLogger(loggers.CreateLogger(category));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        try
        {
            return _inner.BeginScope(state);
        }
        catch (Exception error)
        {
            Report(error);
            return null;
        }
    }

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return _inner.IsEnabled(logLevel);
        }
        catch (Exception error)
        {
            Report(error);
            // What one provider fails at may be wanted by another.
            return true;
        }
    }

    public void Log<TState>(
        LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            _inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception error)
        {
            Report(error);
        }
    }

    private static void Report(Exception error) => Trace.TraceError("A log provider failed: {0}", error.GetType());
}
