using Microsoft.Extensions.Logging;

namespace Carillon.PostgreSql.Tests;

/// <summary>Keeps what a host logs, in whatever category.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly RecordingLogger _logger = new();

    /// <summary>The messages, the oldest first.</summary>
    public IReadOnlyCollection<string> Lines => _logger.Lines;

    /// <summary>Whether some message has a text in it.</summary>
    public bool Contain(string text) => _logger.Lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => _logger;

    public void Dispose()
    {
        // What was logged is still asked for after the host is gone.
    }
}
