using System.Collections.Concurrent;
using System.Reflection;

namespace Carillon.Tests.Hosting;

/// <summary>Which member hangs, or fails, from when on.</summary>
/// <param name="contract">The contract, or null for none.</param>
/// <param name="member">The member, or null for all that can.</param>
internal sealed class Unkindness(Type? contract, string? member)
{
    private readonly ConcurrentStack<IAsyncDisposable> _opened = new();
    private readonly TaskCompletionSource _ended = new();

    /// <summary>Whether it is so.</summary>
    public bool IsOn { get; set; }

    /// <summary>What the member throws; null when it hangs.</summary>
    public Exception? Error { get; init; }

    /// <summary>Completes when the process is gone.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Remembers what the process holds.</summary>
    public void Note(object opened)
    {
        if (opened is IAsyncDisposable disposable)
            _opened.Push(disposable);
    }

    /// <summary>The process is gone, and with it what it held.</summary>
    public async Task EndProcessAsync()
    {
        _ended.SetResult();
        while (_opened.TryPop(out var opened))
            await opened.DisposeAsync();
    }

    public bool Meets(MethodInfo method) =>
        IsOn && method.DeclaringType == contract && (method.Name == member || (member is null && method.ReturnType.Name.StartsWith("ValueTask", StringComparison.Ordinal)));
}
