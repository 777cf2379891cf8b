package io.weir.picker.plugin;

import io.weir.picker.plugin.Producer.SessionId;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.tokens.Tokenizing;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * All that judges a request: who screens the endpoints, who admits the request, and which profiles
 * choose. Immutable and shared by all threads.
 *
 * @param profiles the profiles, at least one
 * @param plan which of them run
 * @param screeners run once, in order; each sees what the one before left
 * @param admitters asked in order
 * @param observers told of every pick
 * @param prefixSettings how prompts are matched; null when no plugin asks
 * @param load how the tokens of an answer are estimated
 * @param tokenizing how prompts become tokens; null when they don't
 * @param agent where a request says whose it is when it has no fairness id; null for nowhere
 */
public record Schedule(
        List<Profile> profiles,
        ProfilePlan plan,
        List<Screener> screeners,
        List<Admitter> admitters,
        List<PickObserver> observers,
        @Nullable PrefixSettings prefixSettings,
        Producer.Load load,
        @Nullable Tokenizing tokenizing,
        @Nullable SessionId agent) {

    public Schedule {
        profiles = List.copyOf(profiles);
        screeners = List.copyOf(screeners);
        admitters = List.copyOf(admitters);
        observers = List.copyOf(observers);
    }

    /** Returns a schedule of one profile and nothing else. */
    public static Schedule of(Profile profile) {
        return new Schedule(
                List.of(profile),
                ProfilePlan.SINGLE,
                List.of(),
                List.of(),
                List.of(),
                profile.prefixSettings(),
                Producer.Load.LEARNED,
                null,
                null);
    }

    /** Returns a profile. */
    public Profile profile(int number) {
        return profiles.get(number);
    }

    /** Returns the names of the profiles. */
    public List<String> profileNames() {
        return profiles.stream().map(Profile::name).toList();
    }

    /** Returns whether some plugin wants latencies to be predicted. */
    public boolean predictsLatency() {
        for (int i = 0; i < profiles.size(); i++) {
            if (profiles.get(i).predictsLatency()) {
                return true;
            }
        }
        for (int i = 0; i < admitters.size(); i++) {
            if (admitters.get(i).predictsLatency()) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the saturation follows from what servers say of their load. */
    public boolean saturationIsScraped() {
        return profiles.getFirst().saturationIsScraped();
    }

    /** Returns how full the candidates are; from 1 on, requests that may be dropped are. */
    public double saturation(PickContext context) {
        return profiles.getFirst().saturation(context);
    }
}
