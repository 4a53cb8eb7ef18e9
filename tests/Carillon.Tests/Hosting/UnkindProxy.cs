using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Carillon.Transports;

namespace Carillon.Tests.Hosting;

/// <summary>
/// Something of the contracts of transports and stores, all of whose members work, until one of them is told to hang for ever, whatever its
/// token says, or to fail.
/// </summary>
[SuppressMessage("Performance", "CA1852", Justification = "A proxy is made by deriving from it.")]
internal class UnkindProxy : DispatchProxy
{
    private object _inner = null!;
    private Unkindness _unkindness = null!;

    public static T Around<T>(T inner, Unkindness unkindness)
        where T : class
    {
        var proxy = Create<T, UnkindProxy>();
        var own = (UnkindProxy)(object)proxy;
        (own._inner, own._unkindness) = (inner, unkindness);
        unkindness.Note(inner);
        return proxy;
    }

    [SuppressMessage("Reliability", "CA2012", Justification = "Each is looked at once: handed on or awaited.")]
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_unkindness.Meets(targetMethod!))
            return _unkindness.Error is { } error ? throw error : NeverEnding(targetMethod!.ReturnType);
        // What a handler does that hangs has ended with its process.
        if (targetMethod!.Name == nameof(ITransportReceiver.Abandon))
            args![1] = Task.WhenAny((Task)args[1]!, _unkindness.Ended);
        try
        {
            return targetMethod.Invoke(_inner, args) switch
            {
                ValueTask<ITransportSender> opening => WrapAsync(opening),
                ValueTask<ITransportReceiver> opening => WrapAsync(opening),
                var result => result,
            };
        }
        catch (TargetInvocationException failed)
        {
            ExceptionDispatchInfo.Throw(failed.InnerException!);
            return null;
        }
    }

    private static object NeverEnding(Type returned) => returned == typeof(ValueTask)
        ? new ValueTask(new TaskCompletionSource().Task)
        : typeof(UnkindProxy).GetMethod(nameof(Never), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(returned.GetGenericArguments()).Invoke(null, null)!;

    private static ValueTask<T> Never<T>() => new(new TaskCompletionSource<T>().Task);

    private async ValueTask<T> WrapAsync<T>(ValueTask<T> opening)
        where T : class => Around(await opening, _unkindness);
}
