using Microsoft.Extensions.Hosting;

namespace Carillon.KillTests;

/// <summary>
/// Looks at the dead letters again and again and replays them, as somebody does who has repaired the cause. What has happened already it leaves where
/// it is: that is for the harness to find.
/// </summary>
internal sealed class Operator(IDeadLetters deadLetters, ITransportUnderTest transport, RoleSettings settings) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await Patience.PauseAsync(Look, stoppingToken))
        {
            try
            {
                await ReplayAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                await Console.Error.WriteLineAsync($"The operator failed: {failure.Message}");
            }
        }
    }

    private async Task ReplayAsync(CancellationToken cancellation)
    {
        foreach (var dead in await deadLetters.ListAsync(new DeadLetterQuery(), cancellation))
        {
            var happening = new Happening(dead.Subscription, dead.Envelope.Key!, DatabaseUnderTest.VersionIn(dead.Envelope.Body.Span));
            if (settings.Mode != DeliveryGuarantee.ExactlyOnce || !transport.ReadEffects(0).Any(effect => effect.Happening == happening))
                await ReplayAsync(dead.Id, cancellation);
        }
    }

    private async Task ReplayAsync(long id, CancellationToken cancellation)
    {
        try
        {
            await deadLetters.ReplayAsync(id, cancellation);
        }
        catch (CarillonException gone) when (gone.Code == ErrorCodes.DeadLetterNotFound)
        {
            // Another operator was faster.
        }
    }
}
