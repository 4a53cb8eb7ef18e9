using Microsoft.Extensions.DependencyInjection;

namespace Carillon.KillTests;

/// <summary>
/// Writes effects through the context that the handler takes, which is that of its scope: exactly once. Now and then it saves by itself, in both ways
/// there are, and otherwise leaves that to the framework.
/// </summary>
internal sealed class ContextEffects(int seed) : IEffects
{
    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();

    public async ValueTask AddAsync(Effect effect, EventContext context)
    {
        var bank = Bank(context);
        bank.Effects.Add(effect);
        switch (Draw(4))
        {
            case 0:
                // The waiting call is what is tried here.
#pragma warning disable CA1849
                bank.SaveChanges();
#pragma warning restore CA1849
                break;
            case 1:
                await bank.SaveChangesAsync(context.Cancellation);
                break;
        }
    }

    public ValueTask PublishAsync(Booked booked, EventContext context)
    {
        if (Draw(2) == 0)
            return context.Bus.PublishAsync(booked, context.Cancellation);
        Bank(context).Publish(booked);
        return ValueTask.CompletedTask;
    }

    private static BankContext Bank(EventContext context) => context.Services.GetRequiredService<BankContext>();

    private int Draw(int count)
    {
        lock (_gate)
            return _random.Next(count);
    }
}
