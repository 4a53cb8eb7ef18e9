using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Diagnostics;

/// <summary>A log whose own failures end nothing: a full disk behind a log provider is no reason to handle a message again.</summary>
internal sealed class UnfailingLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception error)
        {
            Trace.TraceError("A log provider failed: {0}", error.GetType());
        }
    }
}
